"""A sign-off that says what its page showed signs that and nothing else."""

import json

import pytest
from django.urls import reverse

from grading import services
from grading.models import Read
from tests.builders import enter_grade, make_read

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}


@pytest.fixture
def read(client):
    read = make_read(scores=[2] * 11)
    client.force_login(read.reader)
    return read


def shown(read, **changes) -> dict:
    """What the page says it showed: what is stored, and what a test changes of it."""
    grades = [
        {"muscle": grade.muscle, "side": grade.side, "score": grade.score, "not_assessable": grade.not_assessable}
        for grade in read.grades.all()
    ]
    return {"feature": read.feature, "sequence": read.sequence, "grades": grades} | changes


def sign(client, read, seen):
    text = seen if isinstance(seen, str) else json.dumps(seen)
    return client.post(reverse("sign-off", args=[read.pk]), {"seen": text}, headers=JSON)


def is_signed_off(read) -> bool:
    return Read.objects.get(pk=read.pk).is_signed_off


def test_what_was_seen_is_signed(client, read):
    assert sign(client, read, shown(read)).status_code == 200
    assert is_signed_off(read)


@pytest.mark.parametrize(
    ("now", "stored"),
    [
        ({"score": 3}, {"score": 3, "not_assessable": False, "version": 2}),
        ({"score": None, "not_assessable": True}, {"score": None, "not_assessable": True, "version": 2}),
        ({"score": None}, {"score": None, "not_assessable": False, "version": 2}),
    ],
)
def test_grade_changed_since_is_shown_and_nothing_signed(client, read, now, stored):
    seen = shown(read)
    enter_grade(read=read, muscle="ADD", side="both", **now)

    response = sign(client, read, seen)

    assert response.status_code == 409
    assert response.json() == {
        "error": "Not signed off. Graded differently elsewhere since it was shown here: Add.",
        "stored": [{"muscle": "ADD", "side": "both"} | stored],
    }
    assert not is_signed_off(read)


def test_description_changed_since_signs_nothing(client, read):
    seen = shown(read)
    services.describe_read(read=read, feature="fat", sequence="T1W", comment="")

    response = sign(client, read, seen)

    assert (response.status_code, response.json()["stored"]) == (409, [])
    assert "Feature, sequence or comment is not stored as shown here: reload the page" in response.json()["error"]
    assert not is_signed_off(read)


def test_grade_that_was_not_shown_signs_nothing(client, read):
    assert sign(client, read, shown(read, grades=[])).status_code == 409
    assert not is_signed_off(read)


@pytest.mark.parametrize(("comment", "status"), [("motion ", 200), ("motion", 200), ("", 409)])
def test_comment_is_part_of_what_was_seen(client, read, comment, status):
    services.describe_read(read=read, comment="motion")

    assert sign(client, read, shown(read, comment=comment)).status_code == status


def test_the_same_signed_already_stays_signed(client, read):
    services.sign_off(read)

    assert sign(client, read, shown(read)).status_code == 200


def test_who_sees_something_else_is_told_that_it_is_signed_already(client, read):
    services.sign_off(read)

    response = sign(client, read, shown(read, grades=[]))

    assert response.status_code == 423
    assert list(response.json()) == ["error"]
    assert "Signed off already, elsewhere, and not as shown here" in response.json()["error"]


@pytest.mark.parametrize("seen", ["", "{", "[]", "null", '{"feature": "edema"}'])
def test_nonsense_for_what_was_seen_says_what_would_be_right(client, read, seen):
    response = sign(client, read, seen)

    assert response.status_code == 422
    assert "Send as seen a JSON object such as" in response.json()["error"]
    assert not is_signed_off(read)


@pytest.mark.parametrize(
    "grade", [1, {}, {"muscle": "VL", "side": "both", "score": "2"}, {"muscle": 1, "side": 2, "score": 3}]
)
def test_nonsense_for_a_grade_is_refused(client, read, grade):
    assert sign(client, read, shown(read, grades=[grade])).status_code == 422
    assert not is_signed_off(read)
