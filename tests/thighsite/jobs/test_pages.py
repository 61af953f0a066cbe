"""A job's page, its JSON and its end, as those who may see it meet them."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.builders import make_job, make_member, make_study, make_unblinded
from thighsite.acting import because
from thighsite.jobs.kinds import find_kind, job_kind
from thighsite.jobs.models import Job
from thighsite.jobs.starting import ask_to_stop, start_job

pytestmark = pytest.mark.django_db
State = Job.State
# A quarter is done in ten seconds; a slow machine adds to them.
WORDS = r"Storing grades, 300 of 1,200, about \d+ (second|minute)s left\."


@pytest.fixture
def signed_in(client, coordinator):
    client.force_login(coordinator)
    return client


def running(study, coordinator, **fields):
    now = timezone.now()
    fields = {"started_at": now - timedelta(seconds=10), "heard_from": now} | fields
    return make_job(study, coordinator, state=State.RUNNING, **fields)


def json_of(client, job) -> dict:
    return client.get(reverse("job-json", args=[job.pk])).json()


def messages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return cursor.fetchone()[0]


def test_page_has_a_bar_words_and_a_way_on_without_scripts(signed_in, study, coordinator):
    job = running(study, coordinator, done=300, total=1200, doing="storing grades")

    page = signed_in.get(reverse("job", args=[job.pk])).content.decode()

    assert '<progress class="progress"' in page
    assert 'max="1200" value="300"' in page
    assert re.search(WORDS, page)
    assert '<noscript><p><a href="">Look how far it is now</a>' in page


def test_whoever_asks_for_its_headers_alone_is_told_how_long_it_is(signed_in, study, coordinator):
    """It says in three forms where they lead back to."""
    address = reverse("job", args=[running(study, coordinator).pk])

    page, head = signed_in.get(address), signed_in.head(address)

    assert int(head.headers["Content-Length"]) == len(page.content)


def test_json_has_the_words_of_the_page(signed_in, study, coordinator):
    job = running(study, coordinator, done=300, total=1200, doing="storing grades")

    told = json_of(signed_in, job)

    assert re.fullmatch(WORDS, told.pop("words"))
    assert told.pop("seconds_left") >= 30
    assert told == {
        "id": str(job.pk), "title": "Making groups", "state": "running", "done": 300, "total": 1200,
        "is_active": True, "is_stop_asked": False,
        "result_url": "",
    }  # fmt: skip


def test_nobody_says_how_long_before_anything_is_known(signed_in, study, coordinator):
    job = running(study, coordinator, doing="reading the file")

    assert json_of(signed_in, job)["words"] == "Reading the file."


def test_job_that_waits_says_if_there_is_no_worker(signed_in, study, coordinator):
    job = make_job(study, coordinator)
    assert json_of(signed_in, job)["words"] == "It waits for its turn."

    Job.objects.filter(pk=job.pk).update(made_at=timezone.now() - timedelta(minutes=1))
    assert "has to start a worker" in json_of(signed_in, job)["words"]

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert json_of(signed_in, job)["words"] == "It waits for its turn."


def test_job_that_waits_is_stopped_at_once(signed_in, study, coordinator):
    job = make_job(study, coordinator)

    answer = signed_in.post(reverse("stop-job", args=[job.pk]), {"next": f"/studies/{study.slug}/data/"})

    assert answer.url == f"/studies/{study.slug}/data/"
    assert json_of(signed_in, job)["words"] == "It was stopped. Nothing was changed."


def test_job_that_runs_is_asked_to_stop(signed_in, study, coordinator):
    job = running(study, coordinator)

    answer = signed_in.post(reverse("stop-job", args=[job.pk]), {"next": "https://evil.example/"})

    assert answer.url == reverse("job", args=[job.pk])
    told = json_of(signed_in, job)
    assert (told["state"], told["is_stop_asked"], told["words"]) == ("running", True, "It is being stopped.")


def test_job_that_has_ended_stays_as_it_is(study, coordinator):
    job = make_job(study, coordinator, state=State.DONE, ended_at=timezone.now())

    ask_to_stop(job)

    job.refresh_from_db()
    assert (job.state, job.stop_asked_at) == (State.DONE, None)


def test_job_is_seen_by_its_kinds_roles_alone(client, study, coordinator, reader, investigator):
    colleague = make_unblinded(make_member(study, "coordinator")).user
    elsewhere = make_unblinded(make_member(make_study(), "coordinator")).user
    job = running(study, coordinator)

    def status(user) -> int:
        client.force_login(user)
        return client.get(reverse("job", args=[job.pk])).status_code

    assert [status(user) for user in (coordinator, colleague)] == [200, 200]
    assert [status(user) for user in (reader, investigator, elsewhere)] == [404, 404, 404]
    with because("leaves"):
        study.members.filter(user=coordinator).update(suspended_at=timezone.now())
    assert status(coordinator) == 404


def test_kind_is_for_no_role_that_must_not_see_the_groups():
    with pytest.raises(ValueError, match="would be seen by a role that must not"):
        job_kind("for-readers", title="For readers", roles=["reader"])(lambda progress: None)


def test_second_job_with_the_key_of_one_that_is_there_is_that_one(study, coordinator):
    kind, asked = find_kind("make-groups"), {"study": study, "by": coordinator, "names": ["a"]}
    first = start_job(kind, key="groups", **asked)

    assert start_job(kind, key="groups", **asked) == first
    assert start_job(kind, key="other", **asked) != first
    assert start_job(kind, **asked) != start_job(kind, **asked)
    assert messages() == 4

    ask_to_stop(first)
    assert start_job(kind, key="groups", **asked) != first


def test_job_is_not_started_by_a_transaction_that_is_undone(study, coordinator):
    with transaction.atomic():
        start_job(find_kind("make-groups"), study=study, by=coordinator, names=["a"])
        transaction.set_rollback(True)

    assert (Job.objects.count(), messages()) == (0, 0)


def test_transaction_goes_on_after_a_key_that_is_there(study, coordinator):
    with transaction.atomic():
        for _ in range(2):
            start_job(find_kind("make-groups"), study=study, by=coordinator, key="groups", names=["a"])
        Group.objects.create(name="afterwards")

    assert (Job.objects.count(), messages(), Group.objects.count()) == (1, 1, 1)


def test_site_admins_see_what_waits_runs_and_failed_and_nothing_of_whom(
    admin_client, study, coordinator, django_assert_max_num_queries
):
    address = reverse("admin:jobs_job_changelist")
    job = make_job(
        study, coordinator, state=State.FAILED, error="Participant P7 is in group DM.", ended_at=timezone.now()
    )
    running(study, coordinator, doing="storing grades", arguments={"of": "P8"}, result={"of": "P9"})
    make_job(study, coordinator)
    admin_client.get(address)  # what is fetched once is fetched

    page = admin_client.get(address).content.decode()
    for _ in range(20):
        make_job(study, coordinator)
    with django_assert_max_num_queries(10):
        admin_client.get(address)

    assert "It failed. The page of the job says why" in page
    assert "Storing grades." in page
    assert "It waits for its turn." in page
    assert "Nothing works on jobs at the moment." in page
    assert not re.search(r"\bP[789]\b", page)  # a token may have them inside
    assert admin_client.get(reverse("admin:jobs_job_add")).status_code == 403
    of_one = admin_client.get(reverse("admin:jobs_job_change", args=[job.pk]), follow=True).content.decode()
    assert not re.search(r"\bP7\b", of_one)
    admin_client.post(address, {"action": "delete_selected", "_selected_action": [job.pk], "post": "yes"})
    assert Job.objects.count() == 23


def test_site_admins_stop_what_waits_and_runs_and_nobody_else(admin_client, client, study, coordinator):
    address = reverse("admin:jobs_job_changelist")
    waits, ended = make_job(study, coordinator), make_job(study, coordinator, state=State.DONE, ended_at=timezone.now())
    runs = running(study, coordinator)
    stop = {"action": "stop", "_selected_action": [job.pk for job in (waits, ended, runs)]}
    staff = make_member(study, "investigator").user
    staff.is_staff = True
    staff.save()
    staff.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(staff)

    by_staff = client.post(address, stop, follow=True)
    untouched = Job.objects.filter(state=State.WAITING, stop_asked_at=None).count()
    page = admin_client.post(address, stop, follow=True).content.decode()

    assert (by_staff.status_code, untouched) == (200, 1)
    states = [Job.objects.get(pk=job.pk).state for job in (waits, ended, runs)]
    assert states == [State.STOPPED, State.DONE, State.RUNNING]
    assert Job.objects.get(pk=runs.pk).stop_asked_at is not None
    assert "Asked to stop: 2. What had ended stays as it is." in page
