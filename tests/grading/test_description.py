"""Feature, sequence and comment as the grading page's script sends them: what changes, and what was seen before."""

import json

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def describe(client, read, **description):
    return client.post(
        reverse("describe-read", args=[read.pk]), json.dumps(description), content_type="application/json"
    )


def test_description_is_saved_by_itself(as_reader, read):
    response = describe(as_reader, read, feature="fat", sequence="T1W", comment="ok")

    assert response.status_code == 200
    read.refresh_from_db()
    assert (read.feature, read.sequence, read.comment) == ("fat", "T1W", "ok")


def test_what_is_not_said_of_a_description_stays(as_reader, read):
    describe(as_reader, read, comment="motion")
    response = describe(as_reader, read, feature="fat", sequence="T1W")

    assert response.json() == {"feature": "fat", "sequence": "T1W", "comment": "motion", "confirm_pairing": False}


def test_description_changed_elsewhere_is_not_overwritten(as_reader, read):
    describe(as_reader, read, comment="two", seen={"comment": ""})

    late = describe(as_reader, read, comment="one", seen={"comment": ""})
    repeated = describe(as_reader, read, comment="two", seen={"comment": ""})
    knowing = describe(as_reader, read, comment="three", seen={"comment": "two "})

    assert (late.status_code, late.json()["stored"]["comment"]) == (409, "two")
    assert (repeated.status_code, knowing.status_code) == (200, 200)
    read.refresh_from_db()
    assert read.comment == "three"


def test_confirmation_is_of_one_pairing(as_reader, read):
    describe(as_reader, read, feature="fat", sequence="STIR", confirm_pairing=True)

    kept = describe(as_reader, read, comment="motion")
    another = describe(as_reader, read, feature="edema", sequence="T1W")

    assert kept.json()["confirm_pairing"] is True
    assert another.status_code == 422


def test_unusual_pairing_is_refused_until_confirmed(as_reader, read):
    refused = describe(as_reader, read, feature="fat", sequence="STIR")
    confirmed = describe(as_reader, read, feature="fat", sequence="STIR", confirm_pairing=True)

    assert (refused.status_code, confirmed.status_code) == (422, 200)
    assert "confirm" in refused.json()["error"]


@pytest.mark.parametrize(
    "body", ["", "[]", '{"feature": 1}', '{"confirm_pairing": "yes"}', '{"feature": "bone"}', b"\xff"]
)
def test_impossible_description_is_unprocessable(as_reader, read, body):
    response = as_reader.post(reverse("describe-read", args=[read.pk]), body, content_type="application/json")

    assert response.status_code == 422
    assert response.json()["error"]


def test_half_a_character_is_refused_in_words(as_reader, read):
    """JSON can hold half of an emoji, and PostgreSQL no text with one."""
    response = describe(as_reader, read, comment="fluid \ud83d here")
    seen = describe(as_reader, read, comment="fluid", seen={"comment": "\udfff"})

    assert (response.status_code, seen.status_code) == (422, 422)
    assert response.json()["error"] == "There is half a character (U+D83D): delete it, and type it anew."
    read.refresh_from_db()
    assert read.comment == ""


def test_form_in_place_of_json_is_unprocessable(as_reader, read):
    """Whatever looks for a forged form has read it by then, and nothing is left of the body."""
    for name in ("describe-read", "save-grade"):
        response = as_reader.post(reverse(name, args=[read.pk]), {"feature": "fat"})

        assert response.status_code == 422
        assert "Send a JSON object" in response.json()["error"]
