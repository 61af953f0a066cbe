"""When a model cannot be had, or only at a boundary: the status, what is given, and the reason in words."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from statsmodels.stats.weightstats import ttest_ind

from analysis.stats.comparison import MuscleComparison
from analysis.stats.comparison_json import as_json
from analysis.stats.deciding import decided
from analysis.stats.mixed_model.model import Terms
from analysis.words.comparison.summary import summary
from tests.analysis.stats.comparison_frames import cohort, compare, frame_of

MODELS = ["per-muscle", "joint"]


def reads(scores: dict[str, list[list[float | None]]]) -> pd.DataFrame:
    """One muscle: for each group, a list of scores by reader for each participant; None where not read."""
    rows = [
        (f"{group}{number}", group, f"reader{reader + 1}", score)
        for group, participants in scores.items()
        for number, participant in enumerate(participants)
        for reader, score in enumerate(participant)
        if score is not None
    ]
    participant, group, reader, score = zip(*rows, strict=True)
    return frame_of(participant=participant, group=group, reader=reader, score=np.array(score, dtype=float))


def first_muscle(frame: pd.DataFrame, **question) -> MuscleComparison:
    return compare(frame, permutations=0, **question).muscles[0]


def assert_refused(muscle: MuscleComparison, reason: str) -> None:
    assert muscle.status == "not_estimable"
    assert muscle.contrast is None
    assert muscle.p_holm is None
    assert reason in muscle.note


@pytest.mark.parametrize("model", MODELS)
def test_an_empty_frame_has_a_reason_for_every_muscle(model):
    comparison = compare(cohort().iloc[:0], model=model)

    assert comparison.n.participants == comparison.n.grades == 0
    for muscle in comparison.muscles:
        assert_refused(muscle, "no assessed grade")


@pytest.mark.parametrize("model", MODELS)
def test_nothing_assessable_is_like_nothing_read(model):
    muscle = first_muscle(cohort().assign(score=np.nan), model=model)

    assert_refused(muscle, "no assessed grade")
    assert muscle.reference.n == 0
    assert muscle.reference.median is None


@pytest.mark.parametrize("model", MODELS)
def test_an_empty_group_is_named(model):
    muscle = first_muscle(reads({"IMNM": [[0, 1], [1, 1], [2, 3]]}), model=model)

    assert_refused(muscle, "No participant of group DM")
    assert muscle.reference.n == 3


@pytest.mark.parametrize("model", MODELS)
def test_one_participant_is_no_group(model):
    muscle = first_muscle(reads({"IMNM": [[0, 1], [1, 1], [2, 3]], "DM": [[3, 2]]}), model=model)

    assert_refused(muscle, "Only one participant of group DM")
    assert muscle.compared.n == 1
    assert muscle.compared.sd is None


@pytest.mark.parametrize("model", MODELS)
def test_equal_grades_have_no_variance(model):
    muscle = first_muscle(reads({"IMNM": [[2, 2], [2, 2]], "DM": [[2, 2], [2, 2]]}), model=model)

    assert_refused(muscle, "no variance")
    assert muscle.reference.median == 2


@pytest.mark.parametrize("model", MODELS)
def test_readers_nested_in_groups_leave_nothing_to_compare(model):
    frame = reads({"IMNM": [[0, 1, None], [1, 2, None], [2, 2, None]], "DM": [[None, None, 3], [None, None, 1]]})

    assert_refused(first_muscle(frame, model=model), "cannot be separated from the readers")


@pytest.mark.parametrize("model", MODELS)
def test_one_reader_for_one_group_only_is_no_obstacle_while_another_read_both(model):
    frame = reads({"IMNM": [[0, 1], [1, 2], [2, 2], [0, 1]], "DM": [[3, None], [1, None], [2, None]]})

    assert first_muscle(frame, model=model).contrast


@pytest.mark.parametrize("model", MODELS)
def test_complete_separation_has_a_difference_and_no_model(model):
    frame = reads({"IMNM": [[0, 0], [0, 0]], "DM": [[3, 3], [3, 3]]})

    muscle = first_muscle(frame, model=model)

    assert (muscle.status, muscle.contrast, muscle.p_holm, muscle.difference) == ("separated", None, None, 3.0)
    assert "no model-based interval" in muscle.note


def test_a_separated_muscle_is_permuted_with_the_others_and_named_first_of_all():
    frame = cohort(participants=12)
    apart = np.where(frame["group"] == "DM", 3.0, 0.0)
    result = as_json(
        compare(frame.assign(score=frame["score"].where(frame["muscle"] != "RF", apart)), permutations=2000), study="s"
    )

    found = {muscle["muscle"]: muscle for muscle in result["muscles"]}
    ps = [muscle["p_holm"] for muscle in result["muscles"] if muscle["p_holm"] is not None]
    assert (len(ps), found["RF"]["status"], found["RF"]["estimate"]) == (10, "separated", 3.0)
    assert found["RF"]["p_permutation"] == pytest.approx(2 / 924, abs=0.002)
    assert found["RF"]["p_permutation"] <= found["RF"]["p_permutation_max_t"] < 0.05
    assert "Complete separation, no model-based interval: RF (higher in DM by 3.00, permutation p 0.00" in summary(
        result
    )
    assert decided(result, "max-t")["muscles"][3]["p_deciding"] == found["RF"]["p_permutation_max_t"]


def test_as_many_parameters_as_grades_leave_no_degree_of_freedom():
    frame = reads(
        {
            "IMNM": [[1, None, None, None], [None, 2, None, None]],
            "DM": [[3, None, None, None], [None, None, 1, None], [None, None, None, 2]],
        }
    )

    assert_refused(first_muscle(frame), "No residual degrees of freedom")


def test_a_variance_of_zero_is_a_boundary_with_kenward_rogers_answer():
    frame = reads({"IMNM": [[0, 2], [2, 0], [1, 1]], "DM": [[3, 1], [1, 3], [2, 2]]})

    muscle = first_muscle(frame)

    assert muscle.status == "boundary"
    assert muscle.contrast.method == "kenward_roger"
    assert muscle.contrast.df == pytest.approx(4)
    assert "estimated as 0" in muscle.note


def test_satterthwaite_at_a_boundary_is_given_with_a_warning():
    frame = reads({"IMNM": [[0, 2], [2, 0], [1, 1]], "DM": [[3, 1], [1, 3], [2, 2]]})

    muscle = first_muscle(frame, df_method="satterthwaite")

    assert muscle.status == "boundary"
    assert muscle.contrast.method == "satterthwaite"
    assert muscle.contrast.df == pytest.approx(9)  # 12 grades, 3 fixed effects
    assert "prefer Kenward–Roger" in muscle.note


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("constant", [0, 1])
def test_reads_that_differ_by_a_constant_are_compared_by_their_means(model, constant):
    means = {"IMNM": [0, 1, 1, 0, 2], "DM": [2, 1, 0, 2]}
    frame = reads({group: [[mean, mean + constant] for mean in group_means] for group, group_means in means.items()})

    muscle = first_muscle(frame, model=model)

    statistic, p, df = ttest_ind(means["DM"], means["IMNM"])
    assert (muscle.status, muscle.contrast.method) == ("boundary", "linear_model")
    assert [muscle.contrast.statistic, muscle.contrast.p, muscle.contrast.df] == pytest.approx([statistic, p, df])
    assert "participants' means" in muscle.note
    assert "not adjusted" not in muscle.note


def test_means_that_a_missing_read_shifts_are_not_passed_over_in_silence():
    frame = reads({"IMNM": [[0, 1], [1, 2], [1, None]], "DM": [[2, 3], [1, 2], [0, None]]})

    muscle = first_muscle(frame)

    assert (muscle.status, muscle.contrast.method) == ("boundary", "linear_model")
    assert muscle.contrast.estimate == pytest.approx(4 / 3 - 1)
    assert "not adjusted for the readers" in muscle.note


def test_one_grade_per_participant_is_least_squares_on_grades():
    frame = cohort(20, readers=2, muscles=("VL",))
    own_reader = frame["participant"].str[-1:].astype(int) // 5 == frame["reader"].str[-1:].astype(int) - 1
    frame = frame[own_reader]

    muscle = first_muscle(frame)

    expected = smf.ols("score ~ C(group, Treatment('IMNM')) + reader", frame).fit()
    name = "C(group, Treatment('IMNM'))[T.DM]"
    assert (muscle.status, muscle.contrast.method) == ("ok", "linear_model")
    found = [muscle.contrast.estimate, muscle.contrast.se, muscle.contrast.df, muscle.contrast.p]
    assert found == pytest.approx(
        [expected.params[name], expected.bse[name], expected.df_resid, expected.pvalues[name]]
    )


def test_a_stray_second_read_that_tells_nothing_of_variances_changes_nothing():
    single = {"IMNM": [[0], [1], [3]], "DM": [[2], [1], [3]]}
    stray = {**single, "DM": [[2, 3], [1], [3]]}

    muscle = first_muscle(reads(stray))

    alone = first_muscle(reads(single))
    assert (muscle.status, muscle.contrast.method) == ("ok", "linear_model")
    assert muscle.contrast.estimate == pytest.approx(alone.contrast.estimate)
    assert muscle.contrast.p == pytest.approx(alone.contrast.p)
    assert "Too few repeated reads" in muscle.note


def test_a_muscle_that_lacks_a_term_says_which_model_it_has():
    frame = cohort(10, muscles=("VL", "GR"), between=1.0)
    one_reader_for_vl = frame[(frame["muscle"] == "GR") | (frame["reader"] == "reader1")]

    comparison = compare(one_reader_for_vl, permutations=0)

    assert comparison.formula == "score ~ group + reader + (1 | participant)"
    assert "Model of this muscle: score ~ group." in comparison.muscles[0].note
    assert "Model of this muscle" not in comparison.muscles[9].note


@pytest.mark.parametrize(
    ("readers", "sides", "formula", "terms"),
    [
        (1, ("both",), "score ~ group", Terms(False, False, ())),
        (3, ("both",), "score ~ group + reader + (1 | participant)", Terms(True, False, ("participant",))),
        (1, ("left", "right"), "score ~ group + side + (1 | participant)", Terms(False, True, ("participant",))),
        (
            2,
            ("left", "right"),
            "score ~ group + reader + side + (1 | participant)",
            Terms(True, True, ("participant",)),
        ),
    ],
)
def test_the_formula_has_the_terms_of_the_data(readers, sides, formula, terms):
    comparison = compare(cohort(6, readers, sides), permutations=0)

    assert (comparison.formula, comparison.terms) == (formula, terms)
    assert not any("Model of this muscle" in muscle.note for muscle in comparison.muscles)


def test_the_joint_formula_has_a_second_random_effect_only_for_repeated_grades():
    once = compare(cohort(6, readers=1), model="joint", permutations=0)
    repeated = compare(cohort(6, readers=2), model="joint", permutations=0)

    assert once.formula == "score ~ 0 + muscle + muscle:group + (1 | participant)"
    assert once.terms == Terms(readers=False, sides=False, random=("participant",))
    assert repeated.formula == (
        "score ~ 0 + muscle + muscle:group + reader + (1 | participant) + (1 | participant:muscle)"
    )
    assert repeated.terms == Terms(readers=True, sides=False, random=("participant:muscle", "participant"))


def test_muscles_without_an_answer_do_not_break_the_others_of_the_joint_model():
    frame = cohort(10, muscles=("VL", "VM", "RF", "GR"), between=1.0)
    only_imnm = (frame["muscle"] == "VL") & (frame["group"] == "DM")
    one_dm = (frame["muscle"] == "VM") & (frame["group"] == "DM") & (frame["participant"] != "P001")

    muscles = compare(frame[~only_imnm & ~one_dm], model="joint", permutations=0).muscles

    assert {muscle.muscle for muscle in muscles if muscle.contrast} == {"RF", "GR"}
    assert "No participant of group DM" in muscles[0].note
    assert "Only one participant of group DM" in muscles[1].note


@pytest.mark.parametrize(
    ("between_participants", "between_muscles", "reason"),
    [
        (0.0, 0.0, "between participants' muscles and between participants is"),
        (0.0, 1.0, "The variance between participants is"),
        (1.0, 0.0, "The variance between participants' muscles is"),
    ],
)
def test_the_joint_model_says_which_variance_is_zero(between_participants, between_muscles, reason):
    own = [1, 1, -1, -1, 1, 1, -1, -1]  # even numbers are IMNM, odd ones DM
    flip = [0.3, 0.3, 0.3, 0.3, -0.3, -0.3, -0.3, -0.3]  # reads differ by more than a constant per reader
    rows = [
        (
            f"P{number}",
            muscle,
            reader,
            own[number] * (between_participants + between_muscles * sign) + flip[number] * noise,
        )
        for number, (muscle, sign), (reader, noise) in product(
            range(8), (("VL", 1), ("GR", -1)), (("reader1", 1), ("reader2", -1))
        )
    ]
    participant, muscle, reader, score = zip(*rows, strict=True)
    frame = frame_of(
        participant=participant,
        group=["DM" if int(name[1:]) % 2 else "IMNM" for name in participant],
        muscle=muscle,
        reader=reader,
        score=score,
    )

    found = first_muscle(frame, model="joint")

    assert found.status == "boundary"
    assert reason in found.note


@pytest.mark.parametrize(
    "wrong", [{"model": "per_muscle"}, {"engine": "lme4"}, {"df_method": "kr"}, {"analysis_set": "other"}]
)
def test_an_unknown_name_is_an_error(wrong):
    with pytest.raises(KeyError):
        compare(cohort(6), **wrong)


@pytest.mark.parametrize(
    ("wrong", "reason"), [({"compared": "IMNM"}, "compared with itself"), ({"permutations": -1}, "negative")]
)
def test_a_question_that_makes_no_sense_is_an_error(wrong, reason):
    with pytest.raises(ValueError, match=reason):
        compare(cohort(6), **wrong)
