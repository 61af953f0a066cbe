"""The grading page over HTTP: as a plain form, and as the JSON that its script sends."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grading.anatomy import MUSCLE_CODES
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read, make_study

pytestmark = pytest.mark.django_db

# Tokens against forgery, and ids: they may spell anything.
RANDOM = re.compile(r'value="[A-Za-z0-9]{64}"|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\.[0-9a-f]{12}\.')
SHEET = {"feature": "edema", "sequence": "STIR", "comment": ""} | dict.fromkeys(MUSCLE_CODES, "1")


def url(name, read):
    return reverse(name, args=[read.pk])


def post_grade(client, read, **grade):
    body = {"muscle": "VL", "side": "both", "score": 2} | grade
    return client.post(url("save-grade", read), json.dumps(body), content_type="application/json")


def test_page_shows_a_blind_code_and_nothing_of_the_participant(as_reader, study, reader):
    participant = make_participant(
        study, code="HIDDEN-7", group="DM", autoantibody="anti-HMGCR", age_years=61, ck_u_per_l=4321
    )
    read = make_read(mri=make_mri(participant, code="HIDDEN-MRI", scan_year=2021), reader=reader)

    pages = [as_reader.get(url("read", read)), as_reader.get(reverse("worklist", args=[study.pk]))]

    for page in pages:
        content = RANDOM.sub("", page.content.decode())
        assert f"Case {read.code}" in content
        for secret in ("HIDDEN", "DM", "IMNM", "HMGCR", "4321", "2021"):
            assert secret not in content


def test_plain_form_saves_and_comes_back(as_reader, read):
    response = as_reader.post(url("read", read), SHEET | {"VL": "3", "VM": "na", "comment": "Motion artefact."})

    assert response.status_code == 302
    assert response.url == url("read", read)
    read.refresh_from_db()
    assert read.comment == "Motion artefact."
    assert read.grades.get(muscle="VL").score == 3
    assert read.grades.get(muscle="VM").not_assessable
    assert read.grades.count() == 11


def test_form_posted_twice_stores_everything_once(as_reader, read):
    for _ in range(2):
        as_reader.post(url("read", read), SHEET)

    assert sorted(read.grades.values_list("version", flat=True)) == [1] * 11


def test_partial_form_is_a_draft(as_reader, read):
    as_reader.post(url("read", read), {"feature": "edema", "sequence": "STIR", "RF": "2"})

    assert [(grade.muscle, grade.score) for grade in read.grades.all()] == [("RF", 2)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"VL": "4"}, "VL"),
        ({"VL": "two"}, "VL"),
        ({"feature": "bone"}, "feature"),
        ({"sequence": "T1W"}, "usually read on STIR or T2FS"),
        ({"comment": "x" * 2001}, "comment"),
    ],
)
def test_impossible_form_says_why_and_keeps_what_was_entered(as_reader, read, change, message):
    response = as_reader.post(url("read", read), SHEET | {"VM": "3"} | change)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert 'name="VM" value="3" checked' in response.content.decode()
    assert not read.grades.exists()


def test_sign_off_goes_straight_to_the_next_scan(as_reader, study, reader, read):
    following = make_read(study=study, reader=reader)

    response = as_reader.post(url("sign-off", read), SHEET)

    assert response.status_code == 302
    assert response.url == url("read", following)
    read.refresh_from_db()
    assert read.is_signed_off


def test_last_sign_off_goes_back_to_the_worklist(as_reader, study, read):
    response = as_reader.post(url("sign-off", read), SHEET, follow=True)

    assert response.redirect_chain == [(reverse("worklist", args=[study.pk]), 302)]
    assert "All your cases are signed off" in response.content.decode()


def test_incomplete_sign_off_is_refused_but_keeps_its_grades(as_reader, read):
    response = as_reader.post(url("sign-off", read), SHEET | {"SA": ""})

    assert response.status_code == 422
    assert "Still to grade: Sa." in response.content.decode()
    read.refresh_from_db()
    assert not read.is_signed_off
    assert read.grades.count() == 10


def test_signing_off_twice_changes_nothing(as_reader, read):
    as_reader.post(url("sign-off", read), SHEET)
    read.refresh_from_db()
    signed_off_at = read.signed_off_at

    response = as_reader.post(url("sign-off", read), SHEET | {"VL": "3"})

    assert response.status_code == 302
    read.refresh_from_db()
    assert read.signed_off_at == signed_off_at
    assert read.grades.get(muscle="VL").score == 1


def test_signed_off_read_is_shown_but_takes_no_more(as_reader, reader, study):
    read = make_signed_off_read(study=study, reader=reader)

    page, posted, sent = (
        as_reader.get(url("read", read)),
        as_reader.post(url("read", read), SHEET | {"VL": "3"}),
        post_grade(as_reader, read, score=3),
    )

    assert "The grades are frozen" in page.content.decode()
    assert (posted.status_code, sent.status_code) == (423, 423)
    assert read.grades.get(muscle="VL").score == 1


def test_grade_is_saved_as_it_is_entered(as_reader, read):
    response = post_grade(as_reader, read, score=2, seen_version=0)

    assert response.status_code == 200
    assert response.json() == {"muscle": "VL", "side": "both", "score": 2, "not_assessable": False, "version": 1}
    assert read.grades.get().score == 2


def test_conflicting_grade_gets_the_stored_one(as_reader, read):
    post_grade(as_reader, read, score=2, seen_version=0)

    response = post_grade(as_reader, read, score=0, seen_version=0)

    assert response.status_code == 409
    assert response.json()["stored"]["score"] == 2


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "null", "{", '"VL"', "[" * 100_000, '{"muscle": "VL"}', '{"muscle": 1, "side": "both", "score": 1}',
        '{"muscle": "VL", "side": "both", "score": true}', '{"muscle": "VL", "side": "both", "score": 1.5}',
        '{"muscle": "VL", "side": "both", "score": 1e999}', '{"muscle": "VL", "side": "both", "score": 4}',
        '{"muscle": "VL", "side": "both", "score": ' + "9" * 5000 + "}",
        '{"muscle": "V\\u0000L", "side": "both", "score": 1}',
        '{"muscle": "VL", "side": "both", "score": 1, "key": "not-a-uuid"}',
        '{"muscle": "VL", "side": "both", "score": 1, "seen_version": -1}',
        '{"muscle": "VL", "side": "both", "score": 1, "seen_version": 99999999999}',
        '{"muscle": "VL", "side": "both", "score": 1, "waited_ms": "long"}',
        '{"muscle": "VL", "side": "both", "score": 1, "not_assessable": "no"}', b"\xff\xfe",
    ],
)  # fmt: skip
def test_impossible_grade_is_unprocessable(as_reader, read, body):
    response = as_reader.post(url("save-grade", read), body, content_type="application/json")

    assert response.status_code == 422
    assert response.json()["error"]
    assert not read.grades.exists()


def test_sides_apart_are_graded_apart(client):
    study = make_study(sides="apart")
    reader = make_member(study).user
    read = make_read(study=study, reader=reader)
    client.force_login(reader)

    client.post(url("read", read), {"feature": "edema", "sequence": "STIR", "VL_left": "1", "VL_right": "3", "VM": "2"})

    assert set(read.grades.values_list("muscle", "side", "score")) == {("VL", "left", 1), ("VL", "right", 3)}


def test_opening_costs_as_many_queries_however_many_cases_there_are(as_reader, study, reader, read):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert as_reader.get(url("read", read)).status_code == 200
        return len(captured)

    make_read(study=study, reader=reader)  # where nothing else is left, that is asked once more
    queries()  # the first look is noted
    few = queries()
    for _ in range(20):
        make_read(study=study, reader=reader, scores=[1, 2, 3])

    assert queries() == few


def test_comment_of_a_plain_form_is_counted_as_it_is_stored_and_nothing_of_it_is_cut(as_reader, read):
    lines = "\r\n".join(["x" * 99] * 20)  # 1,999 characters, but for the ends of its lines

    stored = as_reader.post(url("read", read), {"feature": "edema", "sequence": "STIR", "comment": lines})
    refused = as_reader.post(url("read", read), {"feature": "edema", "sequence": "STIR", "comment": "y" * 3900})

    assert stored.status_code == 302
    assert refused.status_code == 422
    assert "It has 3900 characters of at most 2000: shorten it. Nothing was cut." in refused.content.decode()
    assert "y" * 3900 in refused.content.decode()
    assert 'rows="1" maxlength' not in refused.content.decode()
    read.refresh_from_db()
    assert read.comment == lines.replace("\r\n", "\n")
