"""What holds for every correction: a reason, shown first, stored whole, never from an old page, no grade lost."""

import pytest
from django.urls import reverse

from analysis.services.lock import lock_study
from grading.models import Participant, Read, StudyChange
from tests.builders import make_mri, make_signed_off_read
from tests.grading.participants.filling_in import Correction, correct, fields_of, text_of
from tests.grading.participants.stored import stored
from thighsite.acting import because

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]

OF_PARTICIPANT = ("correct-participant", "correct-mris", "withdraw-participant", "delete-participant")


@pytest.mark.parametrize("name", OF_PARTICIPANT)
def test_nothing_is_stored_before_it_is_confirmed(client, participant, mri, name):
    before, revision = stored(), StudyChange.objects.revision(participant.study_id)
    values = {"code": "P01"} if name == "correct-participant" else {f"code-{mri.pk}": "M01"}

    page = Correction(client, name, participant).show(**values)

    assert page.status_code == 200
    assert "Nothing is stored yet" in text_of(page)
    assert (stored(), StudyChange.objects.revision(participant.study_id)) == (before, revision)


@pytest.mark.parametrize("name", OF_PARTICIPANT)
@pytest.mark.parametrize("reason", ["", " ", "x" * 501, "\x00"])
def test_every_correction_has_a_reason(client, participant, mri, name, reason):
    before = stored()
    correction = Correction(client, name, participant)
    values = {"code": "P01"} if name == "correct-participant" else {f"code-{mri.pk}": "M01"}

    page = correction.show(reason=reason, **values)
    forged = client.post(correction.path, fields_of(correction.form) | values | {"reason": reason, "confirmed": "yes"})

    assert page.status_code == forged.status_code == 422
    assert "errors" in text_of(page)
    assert stored() == before


@pytest.mark.parametrize("name", OF_PARTICIPANT)
@pytest.mark.parametrize("step", ["form", "outlook"])
def test_what_somebody_else_changed_meanwhile_is_not_overwritten(client, participant, mri, name, step):
    values = {"code": "P01"} if name == "correct-participant" else {f"code-{mri.pk}": "M01"}
    correction = Correction(client, name, participant)
    if step == "outlook":
        correction.show(**values)
    with because("the other coordinator"):
        Participant.objects.filter(pk=participant.pk).update(age_years=76)
    before = stored()

    page = correction.show(**values) if step == "form" else correction.confirm()

    assert page.status_code == 409
    assert "Somebody else changed this while the page was open. Nothing was stored." in text_of(page)
    assert stored() == before
    assert correct(client, name, participant, **values).status_code == 302


@pytest.mark.parametrize("name", OF_PARTICIPANT)
def test_locked_study_takes_none_and_says_why(client, study, coordinator, participant, mri, name):
    values = {"code": "P01"} if name == "correct-participant" else {f"code-{mri.pk}": "M01"}
    correction = Correction(client, name, participant)
    correction.show(**values)
    make_signed_off_read(study=study)
    lock_study(study=study, by=coordinator)
    before = stored()

    done, shown = correction.confirm(), client.get(correction.path)

    assert (done.status_code, shown.status_code) == (422, 200)
    for page in (done, shown):
        assert "The study is locked: while it is, nothing about its participants can be corrected." in text_of(page)
        assert 'name="reason"' not in text_of(page)
    assert stored() == before
    page = text_of(client.get(reverse("participant", args=[study.slug, participant.pk])))
    assert "nothing about its participants can be corrected" in page
    assert "Correct…" not in page


def test_form_comes_back_filled_in(client, participant):
    correction = Correction(client, "correct-participant", participant)
    correction.show(code="P01", reason="typed wrongly")

    page = client.post(correction.path, fields_of(correction.outlook) | {"back": "yes"})

    assert page.status_code == 200
    assert (fields_of(page)["code"], fields_of(page)["reason"]) == ("P01", "typed wrongly")


def test_every_field_has_a_label(client, participant, mri, other):
    make_mri(other, code="M1", days_since_first_mri=0)
    pages = [Correction(client, name, participant).form for name in OF_PARTICIPANT]
    pages += [Correction(client, "merge-participant", participant, **query).form for query in ({}, {"other": "P2"})]
    pages += [Correction(client, "move-mri", mri, **query).form for query in ({}, {"other": "P2"})]

    for page in pages:
        form = page.context["form"]
        for field in form.visible_fields():
            if field.field.widget.input_type != "radio":
                assert f'for="{field.id_for_label}"' in text_of(page), field.name


def test_signed_grades_outlive_every_correction(client, study, participant, mri, other):
    """Whatever is corrected: grades, sign-offs and signatures stay as they are."""
    read = make_signed_off_read(mri=mri)
    grades = list(read.grades.order_by("pk").values_list())
    signed = Read.objects.values_list("status", "signed_off_at", "sign_off_meaning", "signature").get(pk=read.pk)

    correct(client, "correct-participant", participant, code="P01", group=str(other.group_id))
    correct(client, "correct-mris", participant, **{f"code-{mri.pk}": "M01"})
    correct(client, "move-mri", mri, query={"other": "P2"})
    mri.refresh_from_db()
    correct(client, "merge-participant", participant, query={"other": "P2"}, sex="kept")
    correct(client, "withdraw-participant", participant)
    correct(client, "take-withdrawal-back", participant)

    assert Participant.objects.get() == participant
    assert participant.mris.get() == mri
    assert list(read.grades.order_by("pk").values_list()) == grades
    assert (
        Read.objects.values_list("status", "signed_off_at", "sign_off_meaning", "signature").get(pk=read.pk) == signed
    )
