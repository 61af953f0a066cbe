"""A study's targets of agreement: set by a coordinator, beside the interval wherever agreement is read, no verdict."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse

from analysis.services.lock import lock_study
from analysis.words.notation import interval
from grading.models import Study, TrailRecord
from tests.analysis.people import fill
from tests.analysis.web.agreement_pages import page, printed, text
from tests.builders import make_member, make_study
from tests.made_once import made_once

pytestmark = pytest.mark.django_db
SET = {"target_icc_overall": "0.75", "target_kappa_muscle": "0.655"}

filled_once = made_once(lambda: fill(make_study(), readers=3))


def test_targets_are_set_told_in_the_charter_kept_in_the_trail_and_stay_once_locked(client, filled):
    coordinator = make_member(filled, "coordinator").user
    client.force_login(coordinator)
    settings = reverse("study-settings", args=[filled.slug])

    refused = client.post(settings, {"target_icc_muscle": "1.5"})
    taken = client.post(settings, SET)

    assert (refused.status_code, taken.status_code) == (422, 302)
    assert "Give a number from 0 to 1; leave it empty for no target." in text(refused)
    charter = text(client.get(reverse("charter", args=[filled.slug])))
    assert "Targets of agreement: ICC(2,1) over all muscles, 0.75 or more; quadratic weighted kappa of each" in charter
    change = TrailRecord.objects.of_study(filled).filter(table="grading_study", operation="update").latest("id")
    assert (change.actor_id, change.after["target_icc_overall"]) == (coordinator.pk, 0.75)
    filled.refresh_from_db()
    lock_study(study=filled, by=coordinator)
    late = client.post(settings, {"target_icc_overall": "0.5"})
    assert late.status_code == 422
    assert "ICC(2,1) over all muscles, at least: The study is locked." in text(late)
    with pytest.raises(IntegrityError), transaction.atomic():
        Study.objects.filter(pk=filled.pk).update(target_icc_overall=None)
    assert client.post(settings, {"title": "Another title"}).status_code == 302


def test_target_stands_beside_the_interval_wherever_agreement_is_read(visitor, filled):
    assert "data-target" not in text(page(visitor, filled))  # computed, and kept
    Study.objects.filter(pk=filled.pk).update(**SET)
    terminal = StringIO()
    call_command("agreement", study=filled.slug, stdout=terminal)
    address = reverse("agreement-figure", args=[filled.slug, "agreement-forest", "json"])

    shown = page(visitor, filled)
    result = printed(filled)

    assert result["targets"] == [
        {"coefficient": "icc_2_1", "scope": "overall", "least": 0.75},
        {"coefficient": "kappa_quadratic", "scope": "muscle", "least": 0.655},
    ]
    assert page(visitor, filled, name="agreement-json").json() == result
    pooled = result["resampled"][-1]["icc_2_1"]
    said = f"{interval(pooled['ci_low'], pooled['ci_high'])}; the study’s target is 0.75."
    for words in (text(shown), terminal.getvalue()):
        assert said in words
        assert "; the study’s target of each muscle is 0.655." in words
    assert "dashed: the study’s target" in text(shown)
    lines = [line for line in visitor.get(address).json()["layout"]["shapes"] if line["line"].get("dash") == "dash"]
    assert [(line["xref"], line["x0"]) for line in lines] == [("x", 0.75), ("x2", 0.655)]
    head, *rows = csv.reader(StringIO(visitor.get(address.replace(".json", ".csv")).content.decode()))
    assert [row[head.index("the study’s target, ICC(2,1), absolute agreement")] for row in rows][-2:] == ["–", "0.75"]
