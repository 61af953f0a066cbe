"""Groups of a study in the site administration: named with a reason, told apart, and one alone the reference."""

import pytest
from django.db import IntegrityError, transaction

from grading.csv.imports import import_participants
from grading.models import DiagnosisGroup, Study, TrailRecord
from tests.builders import make_participant
from tests.grading.admin.test_refusals import said
from thighsite.acting import because

pytestmark = pytest.mark.django_db

NEW = {
    "slug": "browser", "title": "In the browser", "sides": "together", "wash_out_days": "28", "grace_minutes": "7",
    "groups__0__code": "IMNM", "groups__0__name": "Necrotizing", "groups__0__is_reference": "on",
    "groups__1__code": "DM", "groups__1__name": "Dermatomyositis",
}  # fmt: skip


def add(pages, **changed):
    return pages.send(pages.path("grading_study", "add"), **NEW | changed)


def groups(study) -> dict[str, bool]:
    return dict(study.groups.values_list("code", "is_reference"))


def reason_of(code: str) -> str:
    return TrailRecord.objects.get(table="grading_diagnosisgroup", operation="update", after__code=code).reason


# A study made in the browser -----------------------------------------------------------------------------------------


def test_study_is_made_with_its_groups_in_colours_that_are_proposed(pages):
    assert add(pages).status_code == 302

    study = Study.objects.get(slug="browser")
    assert study.grace_minutes == 7
    assert groups(study) == {"IMNM": True, "DM": False}
    assert set(study.groups.values_list("colour", flat=True)) == {"#0072B2", "#D55E00"}


EMPTY = {f"groups__{number}__{name}": "" for number in (0, 1) for name in ("code", "name")}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (EMPTY, "This field is required."),
        ({"groups__1__code": "", "groups__1__name": ""}, "A study compares groups: enter two"),
        ({"groups__0__is_reference": None}, "Exactly one group is the reference"),
        ({"groups__1__is_reference": "on"}, "Exactly one group is the reference"),
        ({"groups__0__code": "#REF!"}, "#REF!"),
        ({"reader_title": "IMNM or DM?"}, "Readers would learn of the group IMNM"),
        ({"reader_title": "Necrotising and others"}, "Readers would learn of the group IMNM"),
    ],
)
def test_no_study_is_made_without_two_groups_of_which_one_is_the_reference(pages, changed, expected):
    answer = add(pages, **changed)

    assert answer.status_code == 200
    assert expected in said(answer)
    assert not Study.objects.filter(slug="browser").exists()


def test_study_without_groups_takes_them_from_its_first_participants_file(pages):
    assert add(pages, **EMPTY | {"groups__0__is_reference": None}).status_code == 302
    study = Study.objects.get(slug="browser")

    import_participants(study=study, file=b"participant,group,mri\nP1,DM,M1\nP2,IMNM,M2\n")

    assert groups(study) == {"IMNM": True, "DM": False}


# Renaming ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("changed", [{"groups__0__code": "IMNM2"}, {"groups__0__name": "Necrotizing myopathy"}])
def test_group_is_renamed_with_a_reason_that_the_trail_keeps(pages, study, changed):
    refused = pages.change(study, **changed)
    accepted = pages.change(study, **changed, reason="It was misspelt.", accept_similar="on")

    assert "Give the reason why a group is renamed" in said(refused)
    assert accepted.status_code == 302
    record = TrailRecord.objects.get(table="grading_diagnosisgroup", operation="update")
    assert (record.reason, record.actor.username) == ("It was misspelt.", "root")


def test_reference_goes_from_one_to_the_other_at_once(pages, study):
    changed = {"groups__0__is_reference": None, "groups__1__is_reference": "on"}
    refused = pages.change(study, **changed)
    assert groups(study) == {"IMNM": True, "DM": False}

    accepted = pages.change(study, **changed, reason="DM is what others are compared with.")

    assert "Give the reason" in said(refused)
    assert accepted.status_code == 302
    assert groups(study) == {"IMNM": False, "DM": True}


def test_reason_is_kept_for_whatever_else_is_changed_and_not_demanded(pages, study):
    assert pages.change(study, title="Other", groups__0__colour="#000000").status_code == 302
    assert pages.change(study, title="Third", reason="As in the protocol.").status_code == 302

    records = TrailRecord.objects.filter(table="grading_study", operation="update").order_by("id")
    assert list(records.values_list("after__title", "reason")) == [("Other", ""), ("Third", "As in the protocol.")]


@pytest.mark.parametrize("changed", [{"code": "X"}, {"name": "X"}, {"is_reference": False}])
def test_database_wants_the_reason(study, changed):
    stored = study.groups.filter(code="IMNM")
    with pytest.raises(IntegrityError, match="with a reason"), transaction.atomic():
        stored.update(**changed)
    with because("misspelt"):
        assert stored.update(**changed) == 1


def test_database_wants_no_reason_for_a_colour(study):
    assert study.groups.update(colour="#000000") == 2


# Look-alikes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["\N{CYRILLIC CAPITAL LETTER BYELORUSSIAN-UKRAINIAN I}MNM", "IMMN", "imnm"])
def test_code_that_is_easily_taken_for_another_is_asked_about(pages, study, code):
    changed = {"groups__1__code": code, "reason": "renamed"}
    asked = pages.change(study, **changed)
    assert groups(study) == {"IMNM": True, "DM": False}

    accepted = pages.change(study, **changed, accept_similar="on")

    assert f"{code} is easily taken for the group IMNM." in said(asked)
    assert 'name="accept_similar"' in said(asked)
    assert accepted.status_code == 302
    assert set(groups(study)) == {"IMNM", code}
    assert 'name="accept_similar"' not in said(pages.change(study, groups__0__colour="blue"))  # once is enough


# Titles for readers --------------------------------------------------------------------------------------------------


def test_group_that_the_title_for_readers_names_is_refused(pages, study):
    Study.objects.filter(pk=study.pk).update(reader_title="PM or IBM?")

    answer = pages.change(study, groups__1__code="PM", groups__1__name="Polymyositis", reason="misspelt")

    assert "Readers would learn of the group PM from the title for readers, “PM or IBM?”" in said(answer)
    assert groups(study) == {"IMNM": True, "DM": False}


# Deleting ------------------------------------------------------------------------------------------------------------


def test_group_without_participants_is_deleted_and_one_with_some_stays(pages, study):
    third = DiagnosisGroup.objects.create(study=study, code="PM", name="PM", colour="#000000")
    make_participant(study, group="DM")
    place = list(study.groups.values_list("code", flat=True)).index

    kept = pages.change(study, **{f"groups__{place('DM')}__DELETE": "on"})
    gone = pages.change(study, **{f"groups__{place('PM')}__DELETE": "on"})

    assert "The group DM has participants, and stays." in said(kept)
    assert gone.status_code == 302
    assert set(groups(study)) == {"IMNM", "DM"}
    assert not DiagnosisGroup.objects.filter(pk=third.pk).exists()
