"""Reads that were signed off in one study become the reference grades of another, by command."""

import pytest
from django.utils import timezone

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Grade, Participant, Read, ReferenceGrade, TrailRecord
from tests.builders import (
    adjudicate,
    make_discrepancy,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.test_commands import failure, run

pytestmark = pytest.mark.django_db

GRADES = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2]


@pytest.fixture
def source():
    """A study in which the consensus has signed off C1 and only begun C2."""
    source = make_study(slug="adjudicated")
    consensus = make_member(source, "reader", make_user("consensus")).user
    for code, make in (("C1", make_signed_off_read), ("C2", make_read)):
        make(mri=make_mri(make_participant(source, code=code), code="M1"), reader=consensus, scores=GRADES)
    return source


@pytest.fixture
def target(source):
    target = make_study(slug="target")
    for code in ("C1", "C2"):
        make_mri(make_participant(target, code=code), code="M1")
    return target


COMMAND = ["reference_from_reads", "--study", "target", "--from", "adjudicated", "--reader", "consensus"]
REASON = ["--reason", "Two of us agreed on each"]


def test_signed_off_reads_become_the_reference_and_the_trail_tells_whose_and_why(target):
    said = run(*COMMAND, "--participants", "C1", *REASON)

    assert said == "Reference grades of 1 calibration case. Give them to the readers now.\n"
    grades = ReferenceGrade.objects.filter(study=target)
    assert set(grades.values_list("mri__participant__code", "mri__code", "feature")) == {("C1", "M1", "edema")}
    assert sorted(grades.values_list("score", flat=True)) == sorted(GRADES)
    assert list(Participant.objects.filter(is_calibration=True)) == [target.participants.get(code="C1")]
    reasons = set(TrailRecord.objects.filter(table="grading_referencegrade").values_list("reason", flat=True))
    assert reasons == {"Reads that consensus signed off in the study adjudicated: Two of us agreed on each"}


def test_adjudicated_grades_become_the_reference_once_nothing_is_undecided():
    source, target = make_study(slug="adjudicated"), make_study(slug="target")
    mri = make_mri(make_participant(source, code="C1"), code="M1")
    case = make_discrepancy(source, mri=mri, scores=(0, 3, 1))
    make_mri(make_participant(target, code="C1"), code="M1")
    make_signed_off_read(mri=make_mri(mri.participant, code="M2"))
    command = [*COMMAND[:5], "--adjudicated", "--participants", "C1", *REASON]

    undecided = failure(1, *command)
    adjudicate(case, make_member(source, "adjudicator").user, score=2)
    said = run(*command)

    assert "Readers of 'M1' of 'C1' (edema) differ, and nothing was decided: VL." in undecided
    assert said == (
        "Left out, for one reader alone was given it: 'M2' of 'C1' (edema).\n"
        "They are as decided until now: later corrections in adjudicated do not change them.\n"
        "Reference grades of 1 calibration case. Give them to the readers now.\n"
    )
    scores = dict(ReferenceGrade.objects.filter(study=target).values_list("muscle", "score"))
    assert scores == {muscle: 2 if muscle == "VL" else 1 for muscle in MUSCLE_CODES}
    reasons = set(TrailRecord.objects.filter(table="grading_referencegrade").values_list("reason", flat=True))
    assert reasons == {"Adjudicated grades of the study adjudicated: Two of us agreed on each"}


def test_adjudicated_grades_of_one_reader_or_of_an_open_case_are_refused(target, source):
    command = [*COMMAND[:5], "--adjudicated", "--participants", "C1", *REASON]
    alone = failure(1, *command)
    make_read(mri=source.mris.get(participant__code="C1"), scores=GRADES)

    assert "No MRI of 'C1' was read by two readers or more in the study adjudicated." in alone
    assert "'M1' of 'C1' (edema) is still being read." in failure(1, *command)
    assert not ReferenceGrade.objects.exists()


def test_first_read_counts_where_an_mri_was_read_twice(target, source):
    consensus = source.reads.first().reader
    services.assign_rereads(study=source, readers=[consensus], share=1)
    again = Read.objects.get(study=source, occasion=2)
    Read.objects.filter(pk=again.pk).update(available_at=timezone.now())
    for place, muscle in enumerate(MUSCLE_CODES):
        Grade.objects.create(read=again, muscle=muscle, side="both", score=GRADES[::-1][place])
    again.refresh_from_db()
    services.sign_off(again)

    run(*COMMAND, "--participants", "C1", *REASON)

    scores = dict(ReferenceGrade.objects.values_list("muscle", "score"))
    assert [scores[muscle] for muscle in MUSCLE_CODES] == GRADES


@pytest.mark.parametrize(
    ("participants", "said"),
    [
        (["C1", "C2"], "Consensus has signed off no read of 'C2' in the study adjudicated."),
        (["C9"], "no read of 'C9'"),
    ],
)
def test_participant_without_a_signed_off_read_is_refused_and_nothing_stored(target, participants, said):
    assert said in failure(1, *COMMAND, "--participants", *participants, *REASON)
    assert not ReferenceGrade.objects.exists()
    assert not Participant.objects.filter(is_calibration=True).exists()


def test_participant_of_the_study_s_own_reads_is_refused(target):
    make_read(mri=target.mris.get(participant__code="C1"))

    assert "has reads already" in failure(1, *COMMAND, "--participants", "C1", *REASON)


def test_reason_is_needed_and_a_dry_run_stores_nothing(target):
    assert "Give the reason" in failure(1, *COMMAND, "--participants", "C1")

    said = run(*COMMAND, "--participants", "C1", "--dry-run")

    assert said == "Reference grades of 1 calibration case. Checked only: nothing was stored.\n"
    assert not ReferenceGrade.objects.exists()


def test_unknown_study_or_account_is_a_usage_error(target):
    assert "There is no study 'nowhere'" in failure(2, *COMMAND[:4], "nowhere", *COMMAND[5:], "--participants", "C1")
    assert "There is no account 'nobody'" in failure(2, *COMMAND[:-1], "nobody", "--participants", "C1")
