"""A code or a name that is corrected after the sign-off is told beside the signature, which holds."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connection

from grading.models import Participant
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read
from tests.grading.integrity.connections import session
from tests.grading.integrity.worked_study import faults, signed_in, verified
from tests.ownership import rules_off
from thighsite.acting import because

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def read(study):
    mri = make_mri(make_participant(study, code="P1"), code="M1")
    return make_signed_off_read(mri=mri, reader=make_member(study).user)


@pytest.fixture
def carl(study):
    return make_member(study, "coordinator", get_user_model().objects.create_user("carl")).user


def correct(what, **values) -> None:
    with because("typing slip"):
        type(what).objects.filter(pk=what.pk).update(**values)


def test_code_that_was_corrected_is_told_with_who_and_why(read, carl):
    signed_in(carl, lambda: correct(read.mri.participant, code="P2"))

    said = verified(read.study)
    assert "corrected since: participant P2: code P1 → P2 on " in said
    assert " UTC by carl, because “typing slip” (1 read had been signed off)" in said
    assert "All 1 signatures" in said


CORRECTIONS = {
    "participant's code": (lambda read: correct(read.mri.participant, code="P9"), "participant P9: code P1 → P9"),
    "twice": (
        lambda read: [correct(read.mri.participant, code=code) for code in ("P8", "P9")],
        "participant P9: code P8 → P9",
    ),
    "and back": (
        lambda read: [correct(read.mri.participant, code=code) for code in ("P8", "P1")],
        "participant P1: code P8 → P1",
    ),
    "MRI's code": (lambda read: correct(read.mri, code="M9"), "MRI M9 of participant P1: code M1 → M9"),
    "reader's name": (lambda read: correct(read.reader, username="anna"), "account anna: username"),
    "group": (
        lambda read: correct(read.mri.participant, group=read.study.groups.get(code="DM")),
        "participant P1: group IMNM → DM",
    ),
    "group's code": (
        lambda read: correct(read.study.groups.get(code="IMNM"), code="NM"), "diagnosis group NM: code IMNM → NM",
    ),
    "MRI of another participant": (
        lambda read: correct(read.mri, participant=make_participant(read.study, code="P2")),
        "MRI M1 of participant P2: participant P1 → P2",
    ),
    "all at once": (
        lambda read: [
            correct(read.mri.participant, code="P7"), correct(read.mri, code="M7"),
            correct(read.mri, participant=make_participant(read.study, code="P2")),
            correct(read.reader, username="anna"),
        ], "MRI M7 of participant P2: participant P7 → P2",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CORRECTIONS)
def test_correction_is_told_and_breaks_no_signature(read, name):
    act, said = CORRECTIONS[name]

    act(read)

    assert f"corrected since: {said}" in verified(read.study)


def test_participant_who_was_merged_into_another_and_is_gone_is_still_known(read):
    former = read.mri.participant
    correct(read.mri, participant=make_participant(read.study, code="P2"))
    with because("one and the same"):
        former.delete()

    assert "corrected since: MRI M1 of participant P2: participant" in verified(read.study)


@pytest.mark.parametrize("name", ["participant's code", "MRI's code", "reader's name", "MRI of another participant"])
def test_name_that_was_changed_without_a_record_breaks_the_signature(read, name):
    act, _ = CORRECTIONS[name]

    with rules_off():
        act(read)

    assert "not what was signed" in faults(read.study)


def test_signature_is_not_that_of_any_name(read):
    """Only names that the trail tells of count."""
    with rules_off():
        Participant.objects.filter(pk=read.mri.participant_id).update(code="P9")
    correct(read.mri.participant, code="P10")

    assert "not what was signed" in faults(read.study)


def test_what_was_corrected_before_anything_was_signed_is_no_news(study):
    read = make_read(study=study)
    correct(read.mri.participant, code="P2")

    assert "corrected since" not in verified(study)


@pytest.mark.parametrize("before", ["own.signature", "grading_seal", "grading_participant"])
def test_what_is_corrected_while_verify_runs_is_none_of_its_business(read, before):
    """Every statement sees the study as it was when verify began."""
    corrected = []

    def correct_first(execute, sql, params, many, context):
        if before in str(sql) and not corrected:
            with session() as other:
                other.execute("SELECT set_config('thighsite.reason', 'typing slip', true)")
                corrected.append(other.execute("UPDATE grading_participant SET code = 'P7'").rowcount)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(correct_first):
        said = faults(read.study)

    assert corrected == [1]
    assert said == ""
