"""Signatures: bound to what was signed, shown with name, time and meaning, repeated by exports, checked by verify."""

import csv
import io
import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.exports import export_grades, export_participants
from grading.csv.imports import create_study, import_grades
from grading.integrity.signature import FORMER, IMPORTED, SignedRead, canonical_text, signature
from grading.models import Grade, Participant, Read, Study
from tests.builders import (
    PASSWORD,
    enter_grade,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
)
from tests.ownership import rules_off, triggers_off

pytestmark = pytest.mark.django_db

SIGNED = SignedRead(
    participant='P"1\n', mri="M1", reader="ann", occasion=1, feature="edema", sequence="STIR",
    grades=(("SA", "right", 0), ("VL", "right", None), ("VL", "left", 3)), signer="ann",
    signed_off_at=datetime(2026, 1, 2, 3, 4, 5, 60, tzinfo=UTC), meaning="Ü", comment="Fascia.",
    opened_at=datetime(2026, 1, 2, 3, tzinfo=UTC), active_seconds=12.5,
)  # fmt: skip
CONTENT = '"P\\"1\\n", "M1", "ann", 1, "edema", "STIR", '
CONTENT += '[["VL", "left", 3], ["VL", "right", "not assessable"], ["SA", "right", 0]]'
TIME = '"2026-01-02T03:04:05.000060Z"'
PASS = '"Fascia.", false, "2026-01-02T03:00:00.000000Z", null, null, "12.5"'


@pytest.mark.parametrize(("kind", "text"), [
    ("thighsite signature 2", f'["thighsite signature 2", {CONTENT}, "ann", {TIME}, "Ü", {PASS}]'),
    (IMPORTED, f'["thighsite import 1", {CONTENT}, {TIME}, {PASS}]'),
    (FORMER, f'["thighsite signature 1", {CONTENT}, "ann", {TIME}, "Ü"]'),
])  # fmt: skip
def test_text_that_is_signed_is_one_json_array(kind, text):
    assert canonical_text(SIGNED, kind) == text
    assert signature(SIGNED, kind) == sha256(text.encode()).hexdigest()


PACE = {
    "opened_at": datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "first_entry_at": datetime(2026, 1, 2, 4, tzinfo=UTC),
    "last_entry_at": datetime(2026, 1, 2, 23, 59, 59, 999_999, tzinfo=UTC), "comment": 'Ödem "links"\n\\ größer 😀',
}  # fmt: skip


@pytest.mark.parametrize("seconds", [0, 12, 12.5, 0.1 + 0.2, 1e-06, 1.5e-07, 123456789.123456, 1e16, 1e22])
@pytest.mark.parametrize("imported", [False, True])
def test_database_and_program_sign_comment_and_pace_alike(seconds, imported):
    brought = {"imported_at": datetime(2026, 1, 3, tzinfo=UTC), "handed_out": False} if imported else {}
    read = make_read(scores=[1] * 11, active_seconds=seconds, **PACE, **brought)
    Read.objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_by=read.reader, signed_off_at=datetime(2026, 1, 3, tzinfo=UTC),
        sign_off_meaning="final",
    )  # fmt: skip

    call_command("verify", study=read.study.slug)


def test_unusual_pairing_is_signed_as_confirmed():
    read = make_signed_off_read(feature="fat", sequence="STIR", pairing_confirmed=True)

    call_command("verify", study=read.study.slug)


WHAT_CAN_BE_SEEN = {"grading_participant": "participant_code_can_be_seen", "grading_mri": "mri_code_can_be_seen"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["P1", 'a"b\\c', "tab\there", "Ärzte/😀", "\x7f\x01", "' OR 1=1"])
def test_database_and_program_sign_alike(code):
    study = make_study(sides="apart")
    with triggers_off(**WHAT_CAN_BE_SEEN):  # there was a time before these
        mri = make_mri(make_participant(study, code=code), code=code)
    read = make_signed_off_read(mri=mri, scores=[3, 0, *[1] * 9])

    call_command("verify", study=read.study.slug)

    read.refresh_from_db()
    assert len(read.signature) == 64


def test_not_assessable_is_signed_as_that():
    read = make_read(scores=[1] * 11)
    enter_grade(read=read, muscle="VL", side="both", score=None, not_assessable=True)
    services.sign_off(read)

    call_command("verify", study=read.study.slug)


def test_reopening_ends_the_signature_and_signing_again_makes_another(coordinator):
    read = make_signed_off_read()
    first = Read.objects.get(pk=read.pk).signature

    reopened = services.reopen(read=read, by=coordinator, reason="again")
    without = Read.objects.get(pk=reopened.pk).signature
    services.sign_off(reopened)

    assert without == ""
    assert Read.objects.get(pk=read.pk).signature not in ("", first)


def test_nobody_makes_a_signature_but_the_database():
    read = make_read(scores=[1] * 11)

    with pytest.raises(IntegrityError, match="read_signature_of_a_sign_off"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(signature="0" * 64)
    Read.objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_by=read.reader, signed_off_at=datetime.now(UTC), sign_off_meaning="final",
        signature="0" * 64,
    )  # fmt: skip

    call_command("verify", study=read.study.slug)


def copied(study: Study, slug: str) -> Study:
    """A study that is made from the exports of another, with its readers."""
    copy = create_study(slug=slug, title=slug, file="".join(export_participants(study)).encode())
    for member in study.members.filter(role="reader"):
        make_member(copy, user=member.user)
    import_grades(study=copy, file=long_of(study))
    return copy


def long_of(study: Study) -> bytes:
    return "".join(export_grades(study, layout="long")).encode()


def test_exports_repeat_the_signature():
    read = make_signed_off_read()
    read.refresh_from_db()

    long, wide = ("".join(export_grades(read.study, layout=layout)) for layout in ("long", "wide"))

    rows = [*csv.DictReader(io.StringIO(long)), *csv.DictReader(io.StringIO(wide))]
    assert {row["signature"] for row in rows} == {read.signature}


def test_copies_of_a_study_have_equal_signatures_of_imported_reads():
    read = make_signed_off_read(**PACE)
    read.refresh_from_db()

    copy = copied(read.study, "copy")
    copy_of_copy = copied(copy, "copy-of-copy")

    assert long_of(copy) == long_of(copy_of_copy)
    first, second = (Read.objects.get(study=study).signature for study in (copy, copy_of_copy))
    assert (first == second, first == read.signature) == (True, False)
    call_command("verify", study=copy.slug)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [
    lambda read: Grade.objects.filter(read=read, muscle="VL").update(score=3),
    lambda read: Grade.objects.filter(read=read, muscle="VL").delete(),
    lambda read: Read.objects.filter(pk=read.pk).update(sequence="T2FS"),
    lambda read: Read.objects.filter(pk=read.pk).update(signed_off_at=datetime(2020, 1, 1, tzinfo=UTC)),
    lambda read: Read.objects.filter(pk=read.pk).update(sign_off_meaning="maybe"),
    lambda read: Participant.objects.filter(pk=read.mri.participant_id).update(code="another"),
])  # fmt: skip
def test_verify_finds_what_is_no_longer_what_was_signed(change):
    read = make_signed_off_read()
    make_signed_off_read(study=read.study)
    with rules_off():
        change(read)

    with pytest.raises(CommandError, match=f"{read.mri.code}, {read.reader.username}, edema: not what") as refused:
        call_command("verify", study=read.study.slug)

    assert refused.value.returncode == 1


def test_verify_needs_a_study_that_is_there():
    with pytest.raises(CommandError) as refused:
        call_command("verify", study="nowhere")

    assert refused.value.returncode == 2


def test_signature_is_shown_with_name_time_and_meaning(client):
    read = make_signed_off_read()
    type(read.reader).objects.filter(pk=read.reader.pk).update(first_name="Ann", last_name="Lee")
    client.force_login(read.reader)
    at = f"{read.signed_off_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    for url in (reverse("read", args=[read.pk]), reverse("worklist", args=[read.study_id])):
        page = client.get(url).content.decode()
        assert f"Ann Lee, {at}" in page
        assert "these grades are final" in page


class TestPasswordAtSignOff:
    @pytest.fixture
    def read(self, client):
        study = make_study()
        Study.objects.filter(pk=study.pk).update(password_at_sign_off=True)
        read = make_read(study=study, scores=[1] * 11)
        client.force_login(read.reader)
        return read

    def sign(self, client, read, **sent):
        return client.post(reverse("sign-off", args=[read.pk]), sent, headers={"Accept": "application/json"})

    @pytest.mark.parametrize("sent", [{}, {"password": ""}, {"password": "wrong"}])
    def test_wrong_password_signs_nothing(self, client, read, sent):
        response = self.sign(client, read, **sent)

        assert response.status_code == 422
        assert json.loads(response.content)["password"] is True
        assert not Read.objects.signed_off().exists()

    def test_right_password_signs(self, client, read):
        assert self.sign(client, read, password=PASSWORD).status_code == 200
        assert Read.objects.signed_off().get() == read

    def test_plain_form_with_a_wrong_password_keeps_the_grades(self, client, read):
        grades = {f"{muscle}-both": "2" for muscle in MUSCLE_CODES}
        page = client.get(reverse("read", args=[read.pk])).content.decode()
        assert page.count('type="password"') == 3  # the plain form's, the dialog's, and that of a session that ended

        response = client.post(
            reverse("sign-off", args=[read.pk]),
            {"feature": "edema", "sequence": "STIR", "comment": "kept", "password": "wrong", **grades},
        )

        assert response.status_code == 422
        assert "That is not your password" in response.content.decode()
        read.refresh_from_db()
        assert (read.status, read.comment) == ("draft", "kept")

    def test_study_asks_for_none_unless_told(self, client):
        read = make_read(scores=[1] * 11)
        client.force_login(read.reader)

        assert self.sign(client, read).status_code == 200

    def test_coordinator_tells_it(self, client, study, coordinator):
        client.force_login(coordinator)
        client.post(reverse("study-settings", args=[study.slug]), {"password_at_sign_off": "on"})

        study.refresh_from_db()
        assert study.password_at_sign_off
