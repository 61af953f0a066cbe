"""What is in a comparison and what is left out: it adds up, and it is what the comparison was computed from.

5,000 studies with THIGHSITE_FULL=1, else a few.
"""

import os
from itertools import pairwise

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.stats.flow import flow
from analysis.stats.frame.restriction import restrict
from analysis.stats.inclusion import MOST_CODES, STAGES, inclusion
from analysis.stats.question import Question
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.comparison_frames import compare, frame_of
from tests.analysis.tables import READ

GROUPS, SEXES, AUTOANTIBODIES = ("IMNM", "DM", "PM"), ("", "female", "male"), ("", "HMGCR", "Mi-2")
READERS, SEQUENCES = ("ann", "bob", "cy"), ("STIR", "T1W", "T2FS")
any_study = settings(
    max_examples=5_000 if os.environ.get("THIGHSITE_FULL") else 100,
    suppress_health_check=list(HealthCheck),
)
PERSON = ["participant", "group", "sex", "autoantibody", "withdrawn"]

questions = st.builds(
    Question,
    reference=st.just("IMNM"),
    compared=st.sampled_from(["DM", "PM"]),
    analysis_set=st.sampled_from(["all", "edema", "fat"]),
    sequence=st.sampled_from(["", "", *SEQUENCES]),
    readers=st.lists(st.sampled_from(READERS), max_size=2).map(tuple),
    sex=st.sampled_from(["", *SEXES]),
    autoantibody=st.sampled_from(["", "", *AUTOANTIBODIES]),
)
reads_of_somebody = st.fixed_dictionaries(
    {
        "number": st.integers(0, 4),
        "mri": st.integers(1, 2),
        "reader": st.sampled_from(READERS),
        "occasion": st.sampled_from([1, 1, 2]),
        "sequence": st.sampled_from(SEQUENCES),
        "feature": st.sampled_from(["edema", "fat"]),
        "status": st.sampled_from(["signed_off", "signed_off", "signed_off", "draft", "assigned"]),
        "assessed": st.integers(0, 2),
        "not_assessable": st.integers(0, 1),
    }
)


@st.composite
def rosters(draw):
    """Up to five participants with up to two MRIs, and up to 15 reads of them in any state."""
    kinds = (GROUPS, SEXES, AUTOANTIBODIES, [False, False, False, True])
    people = draw(st.lists(st.tuples(*map(st.sampled_from, kinds)), min_size=5, max_size=5))
    participants = pd.DataFrame(people, columns=PERSON[1:])
    participants.insert(0, "participant", [f"P{number}" for number in range(5)])
    key = ("number", "mri", "reader", "occasion", "feature")
    reads = draw(st.lists(reads_of_somebody, max_size=15, unique_by=lambda read: tuple(read[name] for name in key)))
    table = pd.DataFrame(reads, columns=[*key, "sequence", "status", "assessed", "not_assessable"])
    table = table.astype({"number": int}).merge(participants, left_on="number", right_index=True, how="left")
    participants["mris"] = [max(table["mri"][table["number"] == number], default=number % 2) for number in range(5)]
    return participants, table.assign(is_first_mri=table["mri"] == 1).reset_index(drop=True)


def frame_from(reads):
    """The frame that the database gives of these reads: a row for each grade of signed-off reads of first MRIs."""
    counting = reads[(reads["status"] == "signed_off") & reads["is_first_mri"] & ~reads["withdrawn"].astype(bool)]
    rows = [
        {**read, "muscle": muscle, "score": 1.0 if place < read["assessed"] else None}
        for read in counting.to_dict("records")
        for place, muscle in enumerate(MUSCLE_CODES[: read["assessed"] + read["not_assessable"]])
    ]
    columns = ["participant", "group", "reader", "occasion", "sequence", "feature", "muscle", "score"]
    return frame_of(**pd.DataFrame(rows, columns=columns).astype({"score": float, "occasion": int}).to_dict("list"))


@any_study
@given(roster=rosters(), question=questions)
def test_what_is_in_and_what_is_left_out_add_up(roster, question):
    participants, reads = roster

    found = inclusion(participants, reads, question)

    assert found.participants + sum(out.participants for out in found.left_out) == found.all_participants == 5
    assert found.reads + sum(out.reads for out in found.left_out) == found.all_reads == len(reads)
    assert not any(out.participants for out in found.left_out if out.stage == "fat_beside_edema")
    assert not any(out.reads for out in found.left_out if out.stage in ("no_mri", "no_read"))


@any_study
@given(roster=rosters(), question=questions)
def test_what_is_in_is_what_the_comparison_counts(roster, question):
    participants, reads = roster
    frame = restrict(frame_from(reads), question, participants)

    n = compare(
        frame, reference="IMNM", compared=question.compared, analysis_set=question.analysis_set, permutations=0
    ).n
    found = inclusion(participants, reads, question)

    assert (found.participants, found.reads) == (n.participants, n.reads)


@any_study
@given(roster=rosters(), question=questions)
def test_the_flow_adds_up_from_step_to_step_and_ends_with_the_comparison(roster, question):
    participants, reads = roster

    steps, found = flow(participants, reads, question), inclusion(participants, reads, question)

    for thing, everybody, compared in (
        ("participants", found.all_participants, found.participants),
        ("reads", found.all_reads, found.reads),
    ):
        assert (steps[0][thing]["total"], steps[-1][thing]["total"]) == (everybody, compared)
        for before, after in pairwise(steps):
            lost = [each[thing] for each in after["left_out"]]
            assert before[thing]["total"] - sum(each["total"] for each in lost) == after[thing]["total"]
            for group, number in before[thing]["by_group"].items():
                assert number - sum(each["by_group"][group] for each in lost) == after[thing]["by_group"][group]
        assert sum(steps[1][thing]["by_group"].values()) == steps[1][thing]["total"]
    lost = [(each["reason"], each["participants"]["total"]) for step in steps for each in step["left_out"]]
    assert lost == [(out.stage, out.participants) for out in found.left_out]


def one_of_each():
    """A participant for each stage that can stop one, by its name, under the question below."""
    person = {"group": "IMNM", "sex": "female", "autoantibody": "HMGCR", "withdrawn": False, "mris": 1}
    people = {
        "withdrawn": {"withdrawn": True},
        "other_group": {"group": "PM"},
        "other_sex": {"sex": "male"},
        "sex_missing": {"sex": ""},
        "other_autoantibody": {"autoantibody": "SRP"},
        "autoantibody_missing": {"autoantibody": ""},
        "no_mri": {"mris": 0},
        "later_mri": {"mris": 2},
    }
    unlike = {
        "later_mri": {"is_first_mri": False},
        "not_signed_off": {"status": "draft"},
        "reread": {"occasion": 2},
        "other_sequence": {"sequence": "T2FS"},
        "other_reader": {"reader": "bob"},
        "fat_only": {"feature": "fat"},
        "nothing_assessed": {"assessed": 0, "not_assessable": 11},
    }
    names = [name for name in STAGES if name not in ("fat_beside_edema", "edema_only")]
    participants = [{"participant": name, **person, **people.get(name, {})} for name in names]
    reads = [
        {**somebody, **READ, **unlike.get(somebody["participant"], {})}
        for somebody in participants
        if somebody["participant"] not in ("no_mri", "no_read")
    ]
    return pd.DataFrame(participants), pd.DataFrame(reads)


def test_each_participant_is_left_out_for_the_reason_that_stopped_it():
    question = Question("IMNM", "DM", "edema", "joint", "STIR", ("ann",), "female", "HMGCR")

    found = inclusion(*one_of_each(), question)

    assert {out.stage: out.codes for out in found.left_out} == {
        name: (name,) for name in STAGES if name not in ("fat_beside_edema", "edema_only")
    }
    assert (found.participants, found.reads) == (0, 0)


def test_the_set_fat_leaves_edema_reads_out_and_takes_the_fat_read_beside_one():
    participants, reads = reads_of_one({}, {"feature": "fat"})
    both = inclusion(participants, reads, Question("IMNM", "DM", "fat"))
    edema = inclusion(participants, reads[:1], Question("IMNM", "DM", "fat", sequence="STIR"))

    assert (both.participants, both.reads, [out.stage for out in both.left_out]) == (1, 1, ["edema_only"])
    assert [(out.stage, out.participants, out.reads) for out in edema.left_out] == [("edema_only", 1, 1)]
    assert both.fat_for_restriction == 0


def test_without_restrictions_only_what_the_study_planned_is_left_out():
    found = inclusion(*one_of_each(), Question("IMNM", "DM"))

    assert [out.stage for out in found.left_out] == [
        "withdrawn",
        "other_group",
        "no_mri",
        "no_read",
        "later_mri",
        "not_signed_off",
        "reread",
        "nothing_assessed",
    ]


def test_only_so_many_codes_are_given():
    participants, reads = one_of_each()
    many = pd.concat([participants[participants["participant"] == "no_read"]] * 60, ignore_index=True)

    out = inclusion(many, reads.iloc[:0], Question("IMNM", "DM")).left_out

    assert [(stopped.participants, len(stopped.codes)) for stopped in out] == [(60, MOST_CODES)]


def test_participants_that_a_restriction_turns_to_fat_are_counted():
    participants, reads = one_of_each()
    both = pd.concat([reads[reads["participant"] == "other_sequence"], reads[reads["participant"] == "fat_only"]])
    both = both.assign(participant="P")

    by_sequence = inclusion(participants, both, Question("IMNM", "DM", sequence="STIR"))
    plain = inclusion(participants, both, Question("IMNM", "DM"))

    assert (by_sequence.fat_for_restriction, by_sequence.reads) == (1, 1)
    assert (plain.fat_for_restriction, [out.stage for out in plain.left_out][-1]) == (0, "fat_beside_edema")


def reads_of_one(*changes):
    """A participant and reads of it, each like a plain one but for the changes."""
    participants, reads = one_of_each()
    somebody = participants[participants["participant"] == "no_read"]
    plain = reads.iloc[0].to_dict() | {"participant": "no_read", "group": "IMNM", "withdrawn": False}
    return somebody, pd.DataFrame([plain | change for change in changes])


def test_a_read_is_left_out_for_the_first_reason_and_its_participant_for_the_furthest():
    draft_on_t1w = {"status": "draft", "sequence": "T1W"}
    table = reads_of_one({"is_first_mri": False, **draft_on_t1w}, draft_on_t1w, {"sequence": "T1W"})

    out = inclusion(*table, Question("IMNM", "DM", sequence="STIR")).left_out

    assert [(stopped.stage, stopped.participants, stopped.reads) for stopped in out] == [
        ("later_mri", 0, 1),
        ("not_signed_off", 0, 1),
        ("other_sequence", 1, 1),
    ]


def test_a_participant_is_in_with_any_of_its_reads():
    found = inclusion(*reads_of_one({"status": "draft"}, {}), Question("IMNM", "DM"))

    assert (found.participants, found.reads) == (1, 1)


def test_an_edema_read_without_any_grade_does_not_replace_a_fat_read():
    found = inclusion(*reads_of_one({"assessed": 0}, {"feature": "fat"}), Question("IMNM", "DM"))

    assert (found.reads, [out.stage for out in found.left_out]) == (1, ["nothing_assessed"])
