"""Answers about a large study: workers compute them, part by part, to what a request would have stored."""

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.urls import reverse

from analysis.models import CachedResult
from analysis.services.answer_jobs import PATIENCE
from grading.anatomy import MUSCLE_CODES
from grading.models import AdjudicationCase, DiagnosisGroup, StudyChange
from grading.services.adjudicating import draw_cases
from tests.analysis.people import fill
from tests.builders import (
    adjudicate,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
)
from tests.made_once import committed_once
from tests.near import near
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform

pytestmark = pytest.mark.django_db(transaction=True)


study = committed_once(lambda: fill(make_study(), readers=3))


@pytest.fixture
def large(study, settings):
    """A study that counts as large, while a worker lives."""
    settings.ANSWER_AT_ONCE_READS, settings.JOBS_STALLED_SECONDS = 0, 3600
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    return study


@pytest.fixture
def decided(large):
    """The same, where an adjudicator decided."""
    mri = make_mri(make_participant(large))
    readers = large.members.filter(role="reader").order_by("pk")
    for member, score in zip(readers, (0, 3, 3), strict=True):
        make_signed_off_read(mri=mri, reader=member.user, scores=[score] * len(MUSCLE_CODES))
    draw_cases(large)
    adjudicate(AdjudicationCase.objects.get(mri=mri), make_member(large, "adjudicator").user, score=1)
    return large


def perform_all() -> list[tuple[str, int | None]]:
    """As a worker that does what waits; gives the kinds that are done, each with the number of its pieces."""
    while waiting := [*Job.objects.filter(state="waiting")]:  # also again, what one of them laid aside
        for job in waiting:
            perform(job.pk, job.attempt)
    return sorted(Job.objects.filter(state="done").values_list("kind", "total"))


def test_workers_store_the_agreement_that_a_request_would_have(visitor, decided, settings):
    names = sorted(decided.members.filter(role="reader").values_list("user__username", flat=True))
    asked = {"reader": names[:2]}

    def ask(name: str = "agreement-json"):
        return visitor.get(reverse(name, args=[decided.slug]), asked)

    data, page = ask(), ask("agreement")
    done = perform_all()
    by_workers, shown = ask(), ask("agreement")
    CachedResult.objects.all().delete()
    settings.ANSWER_AT_ONCE_READS = 4000

    assert (data.status_code, page.status_code) == (202, 202)
    awaited = "the agreement between readers and each reader beside adjudicated and reference grades"
    assert f"is being computed<span data-awaited>: {awaited}</span>" in page.content.decode()
    assert done == [("agreement", 12), ("agreement-against", 12)]
    assert shown.status_code == 200
    assert by_workers.json()["against"]
    assert by_workers.json() == near(ask().json())


def test_workers_store_the_comparison_that_a_request_would_have(visitor, large, settings, monkeypatch):
    DiagnosisGroup.objects.create(study=large, code="ASyS", name="ASyS", colour="#0072B2")
    for module in ("analysis.services.results", "analysis.words.comparison.pattern_score", "analysis.stats.answer"):
        monkeypatch.setattr(f"{module}.AT_ONCE", 5)  # participants, of whom there are six
    asked = {"groups": "IMNM,DM", "ordinal": "1", "pattern-score": "1"}

    def ask(name: str = "comparison-json"):
        return visitor.get(reverse(name, args=[large.slug]), asked)

    statuses, done = [], []
    while (status := ask().status_code) == 202:
        statuses.append(status)
        done = perform_all()
    by_workers, page, figure = (
        ask(),
        ask("comparison"),
        visitor.get(f"/studies/{large.slug}/comparison/figures/pattern-score.csv", asked),
    )
    CachedResult.objects.all().delete()
    settings.ANSWER_AT_ONCE_READS = 4000
    monkeypatch.setattr("analysis.services.answer_jobs.is_any_worker_alive", bool)

    assert (status, len(statuses)) == (200, 3)
    assert done == [("all-groups", 1), ("comparison", 1), ("ordinal", 1), ("pattern-score", 1)]
    assert by_workers.json() == near(ask().json())
    score = by_workers.json()["comparison"]["pattern_score"]
    assert score["value"] is not None
    assert len(figure.content.splitlines()) == 1 + len(score["participants"])
    assert "area under the curve" in page.content.decode()
    unasked = visitor.get(reverse("comparison", args=[large.slug]), {"groups": "IMNM,DM"}).content.decode()
    assert 'comparison/?groups=IMNM%2CDM&amp;pattern-score=1#pattern-score">Compute it' in unasked


def test_a_browser_that_asks_for_a_bundle_waits_on_a_page(visitor, large):
    path, load = reverse("bundle", args=[large.slug]), {"Sec-Fetch-Dest": "document"}
    waits = visitor.get(path, headers=load)
    data = visitor.get(path)
    while (ready := visitor.get(f"{path}?licence=CC0-1.0&wait=1", headers=load)).status_code == 202:
        perform_all()
    bundle = visitor.get(path, headers=load)

    assert (waits.status_code, data.status_code) == (202, 202)
    assert "What goes into it is being computed: the comparison" in waits.content.decode()
    assert f'content="2;url={path}?wait=1"' in waits.content.decode()
    assert f'content="0;url={path}?licence=CC0-1.0"' in ready.content.decode()
    assert "being computed" not in ready.content.decode()  # it stays as it is once the download has begun
    assert data.json()["error"].startswith("The answer is being computed")
    assert bundle["Content-Type"] == "application/zip"


@pytest.mark.parametrize("of", ["comparison", "agreement"])
def test_a_figure_that_is_computed_says_so_to_each_as_they_can_take_it(visitor, large, of):
    figures = {"comparison": "comparison/figures/boxplots", "agreement": "agreement/figures/bland-altman"}
    path = f"/studies/{large.slug}/{figures[of]}"

    def asked(form: str, by: str | None = None):
        return visitor.get(f"{path}.{form}?theme=print", headers={"Sec-Fetch-Dest": by} if by else {})

    program, page, inside, numbers = (
        asked("svg"),
        asked("pdf", "document"),
        asked("svg", "image"),
        asked("csv", "image"),
    )
    while visitor.get(f"{path}.svg").status_code == 202:
        perform_all()
    arrived = visitor.get(f"{path}.pdf?theme=print&wait=1", headers={"Sec-Fetch-Dest": "document"})

    assert [each.status_code for each in (program, page, inside, numbers)] == [202, 202, 503, 202]
    assert program.json() == numbers.json() == {"error": "The answer is being computed: ask again in a moment."}
    assert program["Retry-After"] == inside["Retry-After"] == "5"
    assert inside["Content-Type"] == "image/svg+xml"
    assert "This figure is being computed." in inside.content.decode()
    assert f'<meta http-equiv="refresh" content="2;url={path}.pdf?theme=print&amp;wait=1">' in page.content.decode()
    assert f'<a href="/studies/{large.slug}/{of}/">Back to the {of}</a>' in page.content.decode()
    assert f'content="0;url={path}.pdf?theme=print"' in arrived.content.decode()
    assert asked("svg", "image").status_code == asked("pdf", "document").status_code == 200


def test_a_request_computes_what_no_worker_begins(visitor, large):
    path = reverse("agreement-json", args=[large.slug])
    waits = visitor.get(path).status_code
    Job.objects.update(made_at=Now() - PATIENCE)

    assert (waits, visitor.get(path).status_code) == (202, 200)


def test_of_a_study_that_changes_meanwhile_a_request_computes(visitor, large):
    path = reverse("agreement-json", args=[large.slug])
    visitor.get(path)
    job = Job.objects.get()
    fill(large, per_group=1)

    perform(job.pk, job.attempt)

    job.refresh_from_db()
    assert (job.state, "data changed" in job.error) == ("failed", True)
    assert visitor.get(path).status_code == 200


def test_of_a_study_that_changed_since_its_job_was_done_workers_compute_again(visitor, large):
    path = reverse("agreement-json", args=[large.slug])
    visitor.get(path)
    done = Job.objects.get()
    perform(done.pk, done.attempt)
    fill(large, per_group=1)

    status = visitor.get(path).status_code

    again = Job.objects.exclude(pk=done.pk).get()
    perform(again.pk, again.attempt)
    assert (status, visitor.get(path).status_code) == (202, 200)
    assert [*Job.objects.values_list("state", flat=True)] == ["done", "done"]


def test_a_change_that_leaves_the_grades_as_they_are_has_nothing_computed_again(visitor, large):
    path = reverse("agreement-json", args=[large.slug])
    visitor.get(path)
    job = Job.objects.get()
    perform(job.pk, job.attempt)
    before = visitor.get(path)
    revision = StudyChange.objects.revision(large.pk)
    make_read(study=large)

    after = visitor.get(path)

    assert StudyChange.objects.revision(large.pk) > revision
    assert (after.status_code, after.content) == (200, before.content)
    assert Job.objects.count() == CachedResult.objects.count() == 1


def test_a_request_computes_where_no_worker_lives(visitor, large):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")

    assert visitor.get(reverse("agreement-json", args=[large.slug])).status_code == 200
    assert not Job.objects.exists()
