"""What the database holds to of codes and usernames: NFC, and nothing that cannot be seen."""

import unicodedata
from importlib import import_module

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grading.codes.spelling import composed, is_unseen, why_unseen
from grading.models import MRI, DiagnosisGroup, Participant
from tests.builders import make_mri, make_participant, make_study, make_user
from tests.grading.constraints.refusing import refuses
from tests.ownership import rules_off
from thighsite.acting import because

pytestmark = pytest.mark.django_db

UNSEEN = ["\u200b", "\u00ad", "\u200c", "\u200e", "\u202e", "\u2060", "\ufeff", "\u00a0", "\u2028", "\ue000", "\t"]
WRONG = [f"TM{character}201" for character in UNSEEN] + ["TM  202", " TM202", "TM202 "]
MIGRATION = import_module("grading.migrations.0011_codes_and_first_mris")


@pytest.mark.parametrize("code", WRONG, ids=ascii)
def test_code_of_a_participant_an_mri_or_a_group_can_be_seen(code):
    participant = make_participant(make_study())

    with refuses("cannot be seen"), transaction.atomic():
        make_participant(participant.study, code=code)
    with refuses("cannot be seen"), transaction.atomic():
        make_mri(participant, code=code)
    with refuses("cannot be seen"), transaction.atomic():
        DiagnosisGroup.objects.create(study=participant.study, code=code, name="x", colour="#123456")


@pytest.mark.parametrize("code", WRONG, ids=ascii)
def test_code_stays_so(code):
    mri = make_mri(make_participant(make_study()))

    with refuses("cannot be seen"), transaction.atomic():
        Participant.objects.update(code=code)
    with refuses("cannot be seen"), transaction.atomic():
        MRI.objects.update(code=code)
    with refuses("cannot be seen"), transaction.atomic():
        mri.study.groups.filter(code="DM").update(code=code)


@pytest.mark.parametrize("name", [*WRONG, "Mu\u0308ller"], ids=ascii)
def test_username_can_be_seen(name):
    user = make_user()

    with refuses("cannot be seen"), transaction.atomic():
        get_user_model().objects.bulk_create([get_user_model()(username=name)])
    with refuses("cannot be seen"), transaction.atomic():
        get_user_model().objects.filter(pk=user.pk).update(username=name)


def test_letters_with_marks_have_one_spelling():
    participant = make_participant(make_study(), code="Mu\u0308ller")

    assert Participant.objects.get(code="Mu\u0308ller").code == "Müller"
    with refuses("cannot be seen"), connection.cursor() as cursor:
        cursor.execute("UPDATE grading_participant SET code = %s WHERE id = %s", ["Mu\u0308ller", participant.pk])


@pytest.mark.django_db(transaction=True)
def test_what_was_stored_before_can_be_changed_and_put_right():
    study = make_study()
    with rules_off():
        participant = make_participant(study, code="TM\u200b201")

    with because("a slip"):
        Participant.objects.update(age_years=50)
        Participant.objects.update(code="TM201")

    participant.refresh_from_db()
    assert (participant.code, participant.age_years) == ("TM201", 50)


def test_database_and_site_agree_on_every_character_that_both_know():
    known = [chr(point) for point in range(1, 0x110000) if unicodedata.category(chr(point)) not in ("Cn", "Cs")]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT i FROM generate_series(1, 1114111) AS i WHERE i NOT BETWEEN 55296 AND 57343 "
                       f"AND ('x' || chr(i) || 'x') ~ '{MIGRATION.UNSEEN}'")  # fmt: skip
        refused = {chr(point) for (point,) in cursor.fetchall()}

    assert [ascii(character) for character in known if is_unseen(character) != (character in refused)] == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\x00") | st.sampled_from(" e\u0301")))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_database_and_site_agree_on_texts(text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {MIGRATION.IS_SEEN.format(text='%s::text')}", [text, text])
        (is_seen,) = cursor.fetchone()

    assert is_seen == (text == composed(text) and why_unseen(text) is None)


@pytest.mark.parametrize("code", ["TM\u200b201", "TM  201"])
def test_forms_say_what_would_be_right(code):
    participant = make_participant(make_study())
    participant.code = code

    with pytest.raises(ValidationError) as refused:
        participant.clean_fields()

    assert "write TM" in refused.value.message_dict["code"][0]


def test_forms_write_letters_with_marks_in_one_way():
    participant = make_participant(make_study())
    participant.code = "Mu\u0308ller"

    participant.clean_fields()

    assert participant.code == "Müller"
