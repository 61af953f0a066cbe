"""Pages that are not alone: what they did not show they do not change, and what they send is their own user's."""

import json
import re
from urllib.parse import quote

import pytest
from django.urls import reverse

from grading.anatomy import MUSCLE_CODES
from grading.models import Study
from tests.builders import enter_grade, make_member, make_signed_off_read

ALL_1 = {"feature": "edema", "sequence": "STIR", "comment": ""} | dict.fromkeys(MUSCLE_CODES, "1")
CALIBRATION = {"calibration_cases": "5", "calibration_icc": "0.8"}
SITE = {"sites-TOTAL_FORMS": "1", "sites-INITIAL_FORMS": "0", "sites-0-code": "MUC", "sites-0-name": "Munich"}


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


@pytest.mark.parametrize(
    ("page", "form", "theirs", "mine"),
    [
        ("study-settings", "study-settings", {"wash_out_days": "14"}, {"title": "Myositis", "wash_out_days": "28"}),
        ("study-settings", "study-settings", SITE, {"title": "Myositis"}),
        ("calibration", "calibration-target", CALIBRATION, CALIBRATION | {"calibration_icc": "0.9"}),
        ("adjudication", "adjudication-rule", {"adjudicates_from": "1"}, {"by_consensus": "on"}),
        ("scans", "archive-link", {"archive_link": "https://pacs.example.org/{code}"}, {"archive_in_frame": "on"}),
    ],
)
def test_settings_of_a_study_are_not_put_back_by_a_page_that_is_older(client, study, page, form, theirs, mine):
    client.force_login(make_member(study, "coordinator").user)
    shown, to = reverse(page, args=[study.slug]), reverse(form, args=[study.slug])
    title = {"title": study.title} if page == "study-settings" else {}

    def seen():
        return re.search('name="seen" value="([^"]+)"', client.get(shown).content.decode())[1]

    older = seen()
    assert client.post(to, title | theirs | {"seen": older}).status_code == 302
    stored = Study.objects.filter(pk=study.pk).values().get()

    late = client.post(to, title | mine | {"seen": older})

    assert (late.status_code, "changed after this page was opened" in late.content.decode()) == (409, True)
    assert Study.objects.filter(pk=study.pk).values().get() == stored
    assert client.post(to, title | mine | {"seen": seen()}).status_code == 302
    assert Study.objects.filter(pk=study.pk).values().get() != stored


def test_rereads_do_not_put_a_wash_out_back_that_another_window_set(client, study):
    client.force_login(make_member(study, "coordinator").user)
    reader = make_signed_off_read(study=study).reader
    path, page = reverse("assign-rereads", args=[study.slug]), reverse("data", args=[study.slug])
    form = {"readers": [reader.pk], "percent": 100}

    def seen() -> str:
        return re.search('name="seen" value="([^"]*)" id="reread_seen"', client.get(page).content.decode())[1]

    older = {"seen": seen(), "wash_out_days": 28}
    counts = client.post(path, form | older)
    again = re.search('name="confirm" value="([^"]+)"', counts.content.decode())[1]
    Study.objects.filter(pk=study.pk).update(wash_out_days=14)
    late = [client.post(path, form | older), client.post(path, form | older | {"confirm": again})]

    for answer in late:
        assert (answer.status_code, "changed after this page was opened" in answer.content.decode()) == (409, True)
        assert 'name="wash_out_days" value="14"' in answer.content.decode()
    assert not study.reads.filter(occasion=2).exists()
    assert Study.objects.get(pk=study.pk).wash_out_days == 14
    now = {"seen": seen(), "wash_out_days": 28, "confirm": again}
    assert client.post(path, form | now).status_code == 302
    assert Study.objects.get(pk=study.pk).wash_out_days == 28


def test_role_is_not_changed_by_a_page_that_showed_another(client, study):
    client.force_login(make_member(study, "coordinator").user)
    member = make_member(study, "reader")
    path = reverse("change-role", args=[study.slug, member.pk])
    asked = client.post(path, {"role": "coordinator"}).content.decode()
    shown = re.search('name="was" value="([^"]*)"', asked)[1]
    study.members.filter(pk=member.pk).update(role="adjudicator")
    late = client.post(path, {"role": "coordinator", "was": shown, "confirmed": "yes"})

    assert (late.status_code, "changed the role or study site" in late.content.decode()) == (422, True)
    assert study.members.get(pk=member.pk).role == "adjudicator"
