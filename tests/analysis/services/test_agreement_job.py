"""The agreement of a large study: workers compute it muscle by muscle, to what a request would have stored."""

import pytest
from django.db import connection
from django.urls import reverse

from analysis.models import CachedResult
from grading.models import StudyChange
from tests.analysis.people import fill
from tests.builders import make_read
from thighsite.jobs.models import Job
from thighsite.jobs.running import perform

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def large(study, settings):
    """A study that counts as large, while a worker lives."""
    settings.AGREEMENT_AT_ONCE_READS = 0
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    return fill(study, readers=3)


@pytest.mark.parametrize("of_readers", [None, slice(2)])
def test_workers_store_what_a_request_would_have(visitor, large, settings, of_readers):
    names = sorted(large.members.filter(role="reader").values_list("user__username", flat=True))
    asked = {"reader": names[of_readers]} if of_readers else {}

    def ask(name: str = "agreement-json"):
        return visitor.get(reverse(name, args=[large.slug]), asked)

    statuses = [ask().status_code, ask("agreement").status_code]
    job = Job.objects.get()
    perform(job.pk, job.attempt)
    by_workers, page = ask(), ask("agreement")
    CachedResult.objects.all().delete()
    settings.AGREEMENT_AT_ONCE_READS = 4000

    assert statuses == [202, 202]
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 12, 12)
    assert page.status_code == 200
    assert by_workers.content == ask().content
    assert Job.objects.count() == 1


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
