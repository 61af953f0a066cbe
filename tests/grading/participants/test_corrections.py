"""What a coordinator corrects: with a reason, shown first, stored whole, in the trail, never from an old page."""

import pytest
from django.urls import reverse
from django.utils import timezone

from analysis.services.lock import lock_study
from analysis.study_data.frame import stored_frame
from grading import services
from grading.models import MRI, Participant, Read, StudyChange, TrailRecord
from tests.builders import (
    enter_grade,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    withdraw,
)
from tests.grading.participants.filling_in import Correction, correct, fields_of, text_of
from thighsite.acting import because

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("me")]

OF_PARTICIPANT = ("correct-participant", "correct-mris", "withdraw-participant", "delete-participant")


@pytest.fixture
def participant(study):
    return make_participant(study, code="P1", sex="female", age_years=67)


@pytest.fixture
def mri(participant):
    return make_mri(participant, code="M1", days_since_first_mri=0)


@pytest.fixture
def other(study):
    return make_participant(study, code="P2", group="DM", sex="male")


def reasons(*things) -> set[str]:
    return set(TrailRecord.objects.filter(key__in=[str(each.pk) for each in things]).values_list("reason", flat=True))


def stored() -> list:
    """Everything about participants and MRIs, and how many reads and grades there are."""
    return [
        *Participant.objects.order_by("pk").values_list(),
        *MRI.objects.order_by("pk").values_list(),
        *Read.objects.order_by("pk").values_list(),
    ]


# All of them


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


# Code, group and clinical values


def test_values_are_corrected_and_filled_in(client, study, participant):
    group = study.groups.get(code="DM")
    values = {"code": "P01", "group": str(group.pk), "sex": "male", "age_years": "50", "autoantibody": "SRP"}
    values |= {"ck_u_per_l": "1200.5", "disease_duration_months": "7"}

    response = correct(client, "correct-participant", participant, reason="typed wrongly", **values)

    assert response.url == reverse("participant", args=[study.slug, participant.pk])
    now = Participant.objects.get(pk=participant.pk)
    assert (now.code, now.group, now.sex, now.age_years) == ("P01", group, "male", 50)
    assert (now.autoantibody, now.ck_u_per_l, now.disease_duration_months) == ("SRP", 1200.5, 7)
    assert "typed wrongly" in reasons(participant)


def test_value_that_is_not_known_is_taken_out(client, participant):
    correct(client, "correct-participant", participant, sex="", age_years="")

    now = Participant.objects.get(pk=participant.pk)
    assert (now.sex, now.age_years) == ("", None)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"code": "P2"}, "P2 is the code of another participant. Are both one person? Then merge them."),
        ({"code": ""}, "This field is required"),
        ({"code": "P\u200b1"}, "U+200B"),
        ({"code": "x" * 41}, "at most 40 characters"),
        ({"group": "0b0c5a3e-7a57-4d0c-8a43-6d5d1d0f7c11"}, "Select a valid choice"),
        ({"sex": "unknown"}, "Select a valid choice"),
        ({"age_years": "-1"}, "greater than or equal to 0"),
        ({"age_years": "1000"}, "less than or equal to"),
        ({"ck_u_per_l": "nan"}, "Enter a number"),
        ({"ck_u_per_l": "1e999"}, "Enter a number"),
        ({"disease_duration_months": "long"}, "Enter a number"),
        ({"autoantibody": "a\u202eb"}, "U+202E"),
        ({}, "Nothing differs from what is stored."),
    ],
)
def test_impossible_value_is_refused_in_words(client, participant, other, values, words):
    before = stored()

    page = Correction(client, "correct-participant", participant).show(**values)

    assert page.status_code == 422
    assert words in text_of(page)
    assert stored() == before


def test_age_over_89_is_stored_as_90(client, participant):
    correct(client, "correct-participant", participant, age_years="94")

    assert Participant.objects.get(pk=participant.pk).age_years == 90


def test_code_is_stored_composed(client, participant):
    correct(client, "correct-participant", participant, code="Mu\u0308ller")

    assert Participant.objects.get(pk=participant.pk).code == "M\u00fcller"


@pytest.mark.parametrize(
    ("code", "words"),
    [("p-2", "p-2 is easily taken for P2"), ("1-Jan", "a date that a spreadsheet made"), ("Schmidt Anna", "person")],
)
def test_code_that_is_easily_taken_for_another_or_none_is_asked_about(client, participant, other, code, words):
    page = Correction(client, "correct-participant", participant).show(code=code)

    assert page.status_code == 200
    assert words in text_of(page)


def test_page_says_before_that_the_comparison_changes(client, study, participant, mri, other):
    make_signed_off_read(mri=mri)
    make_signed_off_read(mri=mri)

    group = Correction(client, "correct-participant", participant).show(group=str(other.group_id))
    code = Correction(client, "correct-participant", participant).show(code="P01")
    sex = Correction(client, "correct-participant", participant).show(sex="male")

    assert "2 signed-off reads count for the other group: the comparison changes." in text_of(group)
    assert "The comparison of all participants keeps its numbers." in text_of(code)
    assert "so their version changes" in text_of(code)
    assert "Comparisons within a subgroup by sex or autoantibody may change." in text_of(sex)
    assert "so their version changes" not in text_of(sex)


def test_open_pages_follow_a_correction(client, participant):
    before = StudyChange.objects.revision(participant.study_id)

    correct(client, "correct-participant", participant, sex="male")

    assert StudyChange.objects.revision(participant.study_id) == before + 1


# MRIs


def test_codes_years_and_days_of_all_mris_are_corrected_at_once(client, participant, mri):
    later = make_mri(participant, code="M2", days_since_first_mri=30)
    values = {f"code-{mri.pk}": "M2", f"code-{later.pk}": "M1", f"year-{mri.pk}": "2021"}

    assert (
        correct(
            client, "correct-mris", participant, **values, **{f"days-{mri.pk}": "30", f"days-{later.pk}": "0"}
        ).status_code
        == 302
    )

    now = MRI.objects.values_list("pk", "code", "scan_year", "days_since_first_mri")
    assert set(now) == {(mri.pk, "M2", 2021, 30), (later.pk, "M1", None, 0)}
    assert "a slip" in reasons(mri) & reasons(later)


@pytest.mark.parametrize(
    ("days", "codes", "words"),
    [
        (("0", ""), ("M1", "M2"), "Needed with two MRIs"),
        (("", ""), ("M1", "M2"), "Needed with two MRIs"),
        (("0", "0"), ("M1", "M2"), "has the same day"),
        (("1", "2"), ("M1", "M2"), "None of the participant's MRIs has day 0"),
        (("0", "-1"), ("M1", "M2"), "greater than or equal to 0"),
        (("0", "1.5"), ("M1", "M2"), "Enter a whole number"),
        (("0", "9"), ("M1", "M1"), "has this code"),
        (("0", "9"), ("M1", ""), "This field is required"),
    ],
)
def test_mris_that_do_not_fit_are_refused_beside_the_field(client, participant, mri, days, codes, words):
    mris = [mri, make_mri(participant, code="M2", days_since_first_mri=30)]
    values = {f"days-{each.pk}": day for each, day in zip(mris, days, strict=True)}
    before = stored()

    page = Correction(client, "correct-mris", participant).show(
        **values, **{f"code-{each.pk}": code for each, code in zip(mris, codes, strict=True)}
    )

    assert page.status_code == 422
    assert words in text_of(page)
    assert stored() == before


def test_another_first_mri_changes_the_comparison_and_the_page_says_so(client, participant, mri):
    later = make_mri(participant, code="M2", days_since_first_mri=30)
    make_signed_off_read(mri=mri)
    make_signed_off_read(mri=later)
    correction = Correction(client, "correct-mris", participant)

    page = text_of(correction.show(**{f"days-{mri.pk}": "30", f"days-{later.pk}": "0"}))
    correction.confirm()

    assert "1 signed-off read leaves the comparison and the agreement." in page
    assert "1 signed-off read enters the comparison and the agreement." in page
    assert set(stored_frame(participant.study)["mri"]) == {"M2"}


# Moving an MRI


def test_mri_is_moved_with_its_reads(client, participant, mri, other):
    make_mri(other, code="M2", days_since_first_mri=0)
    stays = make_mri(participant, code="M3", days_since_first_mri=30)
    read = make_signed_off_read(mri=mri)

    page = Correction(client, "move-mri", mri, other="P2")
    shown = page.show(**{f"days-{mri.pk}": "90"})
    done = page.confirm()

    assert "1 signed-off read leaves the comparison" in text_of(shown)
    assert "Participant of M1: P1 → P2" in text_of(shown).replace("</strong>", "").replace("<strong>", "")
    assert done.status_code == 302
    assert Read.objects.get(pk=read.pk).mri.participant == other
    assert set(participant.mris.values_list("pk", "days_since_first_mri")) == {(stays.pk, 0)}
    assert set(other.mris.values_list("code", "days_since_first_mri")) == {("M2", 0), ("M1", 90)}


@pytest.mark.parametrize(("code", "words"), [("P1", "is this participant"), ("P9", "has no participant P9")])
def test_mri_is_moved_to_another_participant_of_the_study(client, mri, code, words):
    page = Correction(client, "move-mri", mri, other=code).form

    assert page.status_code == 422
    assert words in text_of(page)


def test_mri_whose_code_the_other_has_already_gets_another_first(client, mri, other):
    make_mri(other, code="M1", days_since_first_mri=0)
    correction = Correction(client, "move-mri", mri, other="P2")

    refused = correction.show(**{f"days-{mri.pk}": "9"})
    done = correct(client, "move-mri", mri, query={"other": "P2"}, **{f"days-{mri.pk}": "9", f"code-{mri.pk}": "M1-b"})

    assert refused.status_code == 422
    assert "Another MRI of the participant has this code." in text_of(refused)
    assert done.status_code == 302


# Withdrawing


def test_withdrawn_participant_leaves_and_comes_back(client, coordinator, participant, mri):
    read, signed = make_read(mri=mri), make_signed_off_read(mri=mri)
    correction = Correction(client, "withdraw-participant", participant)

    page = text_of(correction.show(reason="consent withdrawn"))
    correction.confirm()

    assert "1 signed-off read and 1 open read of P1 are kept." in page
    assert "1 signed-off read leaves the comparison and the agreement." in page
    participant.refresh_from_db()
    assert participant.withdrawn_by == coordinator
    assert participant.withdrawn_at <= timezone.now()
    assert stored_frame(participant.study).empty
    assert not Read.objects.for_reader(read.reader).exists()
    assert reasons(participant) >= {"consent withdrawn"}

    back = correct(client, "take-withdrawal-back", participant, reason="was somebody else")

    assert back.status_code == 302
    participant.refresh_from_db()
    assert (participant.withdrawn_at, participant.withdrawn_by) == (None, None)
    assert set(stored_frame(participant.study)["reader"]) == {signed.reader.username}
    assert Read.objects.for_reader(read.reader).exists()


@pytest.mark.parametrize(
    ("name", "words"), [("withdraw-participant", "has withdrawn already"), ("take-withdrawal-back", "takes part")]
)
def test_what_is_so_already_is_said(client, participant, name, words):
    if name == "withdraw-participant":
        withdraw(participant)

    page = Correction(client, name, participant).form

    assert page.status_code == 200
    assert words in text_of(page)
    assert client.post(page.wsgi_request.path, {"reason": "again", "seen": "x", "confirmed": "yes"}).status_code == 422


# Deleting


def test_participant_without_a_signed_read_is_deleted_with_all(client, participant, mri):
    read = make_read(mri=mri, scores=[1, 2])
    enter_grade(read, muscle="SA", side="both", score=3)
    correction = Correction(client, "delete-participant", participant)

    page = text_of(correction.show(reason="entered by mistake"))
    done = correction.confirm()

    assert "Participant P1 is deleted, with MRI M1." in page
    assert "1 open read and what was graded in them: deleted." in page
    assert done.url == reverse("participants", args=[participant.study.slug])
    assert not Participant.objects.exists()
    assert not MRI.objects.exists()
    assert not Read.objects.exists()
    assert reasons(participant, mri, read) >= {"entered by mistake"}


def test_withdrawn_participant_with_a_begun_read_is_deleted(client, participant, mri):
    make_read(mri=mri, scores=[1, 2])
    withdraw(participant)

    assert correct(client, "delete-participant", participant).status_code == 302
    assert not Participant.objects.exists()


@pytest.mark.parametrize("name", ["delete-participant", "delete-mri"])
@pytest.mark.parametrize("is_open", [False, True])
def test_what_was_signed_is_not_deleted_also_once_reopened(client, coordinator, participant, mri, name, is_open):
    read = make_signed_off_read(mri=mri)
    if is_open:
        services.reopen(read=read, by=coordinator, reason="wrong thigh")
    thing = mri if name == "delete-mri" else participant
    before = stored()

    page = Correction(client, name, thing).form
    forged = client.post(page.wsgi_request.path, {"reason": "away", "seen": "x", "confirmed": "yes"})

    assert "signed off, and what was signed is kept" in text_of(page)
    assert forged.status_code == 422
    assert stored() == before


@pytest.mark.parametrize("name", ["delete-participant", "delete-mri"])
def test_what_was_graded_or_signed_while_the_page_was_open_is_not_deleted(client, participant, mri, name):
    read = make_read(mri=mri, scores=[1] * 10)
    correction = Correction(client, name, mri if name == "delete-mri" else participant)
    correction.show()
    enter_grade(read, muscle="SA", side="both", score=3)

    assert correction.confirm().status_code == 409
    assert read.grades.count() == 11


def test_mri_is_deleted_and_the_days_of_the_others_are_counted_anew(client, participant, mri):
    make_mri(participant, code="M2", days_since_first_mri=30)
    make_mri(participant, code="M3", days_since_first_mri=40)
    make_read(mri=mri)

    assert correct(client, "delete-mri", mri, reason="entered twice").status_code == 302

    assert set(participant.mris.values_list("code", "days_since_first_mri")) == {("M2", 0), ("M3", 10)}
    assert reasons(mri) >= {"entered twice"}


# Merging


def merge(client, kept, gone, **values):
    return correct(client, "merge-participant", kept, query={"other": gone.code}, **values)


def test_two_that_are_one_are_merged(client, study, participant, mri):
    gone = make_participant(study, code="p01", autoantibody="SRP")
    theirs = make_mri(gone, code="M2", days_since_first_mri=0)
    read = make_signed_off_read(mri=theirs)

    done = merge(client, participant, gone, reason="one person", **{f"days-{theirs.pk}": "90"})

    assert done.url == reverse("participant", args=[study.slug, participant.pk])
    participant.refresh_from_db()
    assert (participant.code, participant.sex, participant.autoantibody) == ("P1", "female", "SRP")
    assert set(participant.mris.values_list("code", "days_since_first_mri")) == {("M1", 0), ("M2", 90)}
    assert list(Participant.objects.all()) == [participant]
    assert Read.objects.get(pk=read.pk).mri.participant == participant
    assert reasons(participant, gone, theirs) >= {"one person"}


def test_conflicts_of_mris_are_shown_and_must_be_solved(client, study, participant, mri):
    gone = make_participant(study, code="p01")
    theirs = make_mri(gone, code="M1", days_since_first_mri=0)
    before = stored()

    page = Correction(client, "merge-participant", participant, other="p01").show()

    assert page.status_code == 422
    assert "Another MRI of the participant has this code." in text_of(page)
    assert "has the same day" in text_of(page)
    assert stored() == before
    assert (
        merge(client, participant, gone, **{f"code-{theirs.pk}": "M1-b", f"days-{theirs.pk}": "5"}).status_code == 302
    )


@pytest.mark.parametrize(("choice", "group", "sex"), [("kept", "IMNM", "female"), ("gone", "DM", "male")])
def test_values_that_differ_are_chosen(client, participant, other, choice, group, sex):
    before = stored()

    refused = Correction(client, "merge-participant", participant, other="P2").show()
    assert refused.status_code == 422
    assert text_of(refused).count("Choose which of the two is right.") == 2
    assert stored() == before

    assert merge(client, participant, other, group=choice, sex=choice).status_code == 302
    participant.refresh_from_db()
    assert (participant.group.code, participant.sex, participant.age_years) == (group, sex, 67)


@pytest.mark.parametrize("who", ["kept", "gone"])
def test_who_has_withdrawn_under_one_code_has_withdrawn(client, study, participant, who):
    gone = make_participant(study, code="p01")
    withdraw(participant if who == "kept" else gone)
    correction = Correction(client, "merge-participant", participant, other="p01")

    page = text_of(correction.show())
    correction.confirm()

    assert "P1 is withdrawn then" in page
    assert Participant.objects.get().is_withdrawn


def test_merging_says_what_becomes_of_the_comparison(client, study, participant, mri):
    gone = make_participant(study, code="p01")
    theirs = make_mri(gone, code="M2", days_since_first_mri=0)
    make_signed_off_read(mri=mri)
    make_signed_off_read(mri=theirs)

    page = text_of(
        Correction(client, "merge-participant", participant, other="p01").show(**{f"days-{theirs.pk}": "90"})
    )

    assert "1 signed-off read leaves the comparison and the agreement." in page
    assert "p01 is deleted; P1 has the MRIs of both." in page


def test_merge_of_what_somebody_else_changed_is_refused(client, study, participant):
    gone = make_participant(study, code="p01")
    correction = Correction(client, "merge-participant", participant, other="p01")
    correction.show()
    make_mri(gone, code="M7")

    assert correction.confirm().status_code == 409
    assert Participant.objects.count() == 2


def test_signed_grades_outlive_every_correction(client, study, participant, mri, other):
    """Whatever is corrected: grades, sign-offs and signatures stay as they are."""
    read = make_signed_off_read(mri=mri)
    grades = list(read.grades.order_by("pk").values_list())
    signed = Read.objects.values_list("status", "signed_off_at", "sign_off_meaning", "signature").get(pk=read.pk)

    correct(client, "correct-participant", participant, code="P01", group=str(other.group_id))
    correct(client, "correct-mris", participant, **{f"code-{mri.pk}": "M01"})
    correct(client, "move-mri", mri, query={"other": "P2"})
    mri.refresh_from_db()
    merge(client, participant, other, sex="kept")
    correct(client, "withdraw-participant", participant)
    correct(client, "take-withdrawal-back", participant)

    assert Participant.objects.get() == participant
    assert participant.mris.get() == mri
    assert list(read.grades.order_by("pk").values_list()) == grades
    assert (
        Read.objects.values_list("status", "signed_off_at", "sign_off_meaning", "signature").get(pk=read.pk) == signed
    )
