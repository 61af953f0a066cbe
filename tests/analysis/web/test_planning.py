"""The planning page: a job simulates, its address has the answer, and a hidden comparison offers no values."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.analysis.people import fill
from tests.builders import make_member
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform

pytestmark = pytest.mark.django_db(transaction=True)
SETTING = {"participants": "4,6", "readers": "2", "data_sets": "20", "seed": "1"}


def test_a_plan_is_simulated_by_a_job_and_kept_at_its_address(visitor, study):
    started = visitor.post(reverse("start-plan", args=[study.slug]), SETTING)
    waiting = visitor.get(started.url).content.decode()
    other = visitor.post(reverse("start-plan", args=[study.slug]), SETTING | {"seed": "2"})
    data, figure = (
        reverse("planning-json", args=[study.slug]),
        reverse("plan-figure", args=[study.slug, "width", "svg"]),
    )
    early = [visitor.get(path, SETTING).status_code for path in (data, figure)]
    job = Job.objects.get()

    perform(job.pk, 1)

    assert f'data-job="{reverse("job-json", args=[job.pk])}"' in waiting
    assert "Simulate" not in waiting
    assert other.url == reverse("job", args=[job.pk])
    assert early == [202, 202]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 2, 2)  # pieces
    assert visitor.get(reverse("job-json", args=[job.pk])).json()["result_url"] == started.url
    page = visitor.get(started.url).content.decode()
    assert 'data-size="4"' in page
    assert page.count("figure-svg") == 3
    assert "Power against participants per group" in page
    for name in ("power", "width", "bound"):
        for form in ("svg", "pdf", "csv", "json"):
            path = reverse("plan-figure", args=[study.slug, name, form])
            assert visitor.get(path, SETTING).status_code == 200
            assert visitor.get(path).status_code == 422
    visitor.post(reverse("start-plan", args=[study.slug]), SETTING)
    assert Job.objects.count() == 1
    out = StringIO()
    said = [f"--{name.replace('_', '-')}={word}" for name, word in SETTING.items()]
    call_command("plan", "--study", study.slug, "--format", "json", *said, stdout=out)
    assert visitor.get(data, SETTING).json() == json.loads(out.getvalue())


def test_a_figure_of_a_plan_that_a_browser_waits_for_comes_by_itself(visitor, study):
    visitor.post(reverse("start-plan", args=[study.slug]), SETTING)
    path, by = reverse("plan-figure", args=[study.slug, "width", "pdf"]), {"Sec-Fetch-Dest": "document"}
    waits = visitor.get(path, SETTING | {"wait": "1"}, headers=by)

    perform(Job.objects.get().pk, 1)
    arrived = visitor.get(path, SETTING | {"wait": "1"}, headers=by)

    assert (waits.status_code, arrived.status_code) == (202, 200)
    assert 'content="2;url=' in waits.content.decode()
    (leads_to,) = re.findall(r'content="0;url=([^"]*)"', arrived.content.decode())
    assert leads_to.startswith(f"{path}?participants=")
    assert "wait" not in leads_to
    assert visitor.get(path, SETTING, headers=by)["Content-Type"] == "application/pdf"


def test_starting_values_are_offered_unless_the_comparison_is_hidden(visitor, study):
    fill(study)
    path = reverse("planning", args=[study.slug])
    shown = visitor.get(path, {"difference": "0.75"}).content.decode()
    with CaptureQueriesContext(connection) as few:
        visitor.get(path)
    fill(study)
    visitor.get(path)
    with CaptureQueriesContext(connection) as many:
        visitor.get(path)
    study.hides_comparison = True
    study.save()

    hidden = visitor.get(path).content.decode()

    assert 'data-offer="VL"' in shown
    assert "difference=0.75" in shown  # a muscle's values leave it
    assert len(few) == len(many)
    assert "data-offer" not in hidden
    assert "hides its comparison" in hidden


def test_what_makes_no_plan_is_refused_in_words_and_nobody_else_plans(visitor, client, study):
    for wrong in ({"participants": "1"}, {"level": "nan"}, {"data_sets": "5000"}, {"unknown": "1"}):
        for name in ("planning", "planning-json"):
            assert visitor.get(reverse(name, args=[study.slug]), wrong).status_code == 422
    refused = visitor.post(reverse("start-plan", args=[study.slug]), {"level": "<b>much</b>"})
    for role in ("reader", "coordinator", "adjudicator"):
        client.force_login(make_member(study, role).user)
        assert client.post(reverse("start-plan", args=[study.slug]), SETTING).status_code == 403

    assert refused.status_code == 422
    assert "&lt;b&gt;much&lt;/b&gt;" in refused.content.decode()
    assert not Job.objects.exists()
