"""Pages that are not alone: what they did not show they do not change, and what they send is their own user's."""

import json
from urllib.parse import quote

import pytest
from django.urls import reverse

from grading.anatomy import MUSCLE_CODES
from tests.builders import enter_grade

ALL_1 = {"feature": "edema", "sequence": "STIR", "comment": ""} | dict.fromkeys(MUSCLE_CODES, "1")


pytestmark = pytest.mark.django_db


def test_plain_form_does_not_overwrite_what_it_did_not_show(as_reader, read):
    enter_grade(read=read, muscle="VL", side="both", score=3)

    late = as_reader.post(
        reverse("read", args=[read.pk]), ALL_1 | {"VL": "1", "seen-VL": "0", "VM": "2", "seen-VM": "0"}
    )

    assert late.status_code == 409
    content = late.content.decode()
    assert "Graded differently elsewhere since this page was made: VL is 3 now. Nothing was saved." in content
    assert 'name="seen-VL" value="1"' in content
    assert list(read.grades.values_list("muscle", "score")) == [("VL", 3)]

    again = as_reader.post(
        reverse("read", args=[read.pk]), ALL_1 | {"VL": "1", "seen-VL": "1", "VM": "2", "seen-VM": "0"}
    )

    assert again.status_code == 302
    assert read.grades.get(muscle="VL").score == 1


def test_page_of_somebody_else_saves_nothing(as_reader, read):
    """Another reader signed in from another window; what the first one's page sends waits for them."""
    body = {"muscle": "VL", "side": "both", "score": 1}

    def send(name, user):
        headers = {"Accept": "application/json", "X-User": user}
        return as_reader.post(
            reverse(name, args=[read.pk]), json.dumps(body), content_type="application/json", headers=headers
        )

    assert [send(name, "somebody").status_code for name in ("save-grade", "describe-read", "sign-off")] == [401] * 3
    assert not read.grades.exists()
    assert send("save-grade", quote(read.reader.username)).status_code == 200


def test_what_is_not_there_says_so_in_json(as_reader, read):
    made_up = reverse("save-grade", args=["5d4b8ac5-9b4c-4a11-8c6f-0d6f4c2a2d57"])
    body = json.dumps({"muscle": "VL", "side": "both", "score": 1})

    response = as_reader.post(made_up, body, content_type="application/json", headers={"Accept": "application/json"})

    assert response.status_code == 404
    assert response.json() == {"error": "There is no such page, or it is not yours."}
