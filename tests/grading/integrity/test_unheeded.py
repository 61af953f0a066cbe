"""What somebody puts into the database who has the password of the application's role: the site takes no notice."""

import pickle
import uuid
from base64 import b64encode
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Grade
from tests.builders import make_member
from tests.grading.integrity.attacks import (
    COPIED_SESSION,
    EARLIER_RESULTS,
    OTHER_JOBS,
    OTHER_RESULTS,
    PICKLED_TRIES,
    UNLISTED_SESSIONS,
)
from tests.grading.integrity.connections import session
from tests.grading.integrity.worked_study import Worked, grade, make_worked_study
from tests.made_once import committed_once
from tests.thighsite.sign_in.people import give_password
from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job
from thighsite.jobs.running import FORGED, perform
from thighsite.jobs.starting import start_job
from thighsite.sign_in.session_store import hashed

pytestmark = pytest.mark.django_db(transaction=True)
worked = committed_once(make_worked_study)


def put(statement: str, *parameters) -> None:
    """As a program that knows the role's password."""
    with session() as attacker:
        assert attacker.execute(statement, parameters or None).rowcount


@pytest.mark.parametrize("name", ["ann", "carl", "iris"])
def test_session_of_another_is_nothing_under_ones_own_cookie(worked, client, settings, name):
    client.force_login(get_user_model().objects.get(username=name))
    cookie = "b" * 32

    put(COPIED_SESSION.format(own=hashed(cookie)))

    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert thief.get(reverse("security")).url.startswith(reverse("login"))
    assert client.get(reverse("security")).status_code == 200


@pytest.mark.parametrize("whose", ["own", "of another", "by command"])
def test_sessions_that_were_taken_off_the_list_end_with_the_others(worked, client, whose):
    study = worked.study
    carl, elsewhere, other = get_user_model().objects.get(username="carl"), Client(), Client()
    client.force_login(carl)
    elsewhere.force_login(carl)
    other.force_login(get_user_model().objects.get(username="iris"))

    put(UNLISTED_SESSIONS)
    if whose == "own":
        client.post(reverse("end-sessions"))
    elif whose == "of another":
        coordinator = make_member(study, "coordinator").user
        client.force_login(coordinator)
        client.post(reverse("end-member-sessions", args=[study.slug, study.members.get(user=carl).pk]))
    else:
        call_command("end_sessions", "carl")

    assert elsewhere.get(reverse("security")).url.startswith(reverse("login"))
    assert other.get(reverse("security")).status_code == 200


class Touching:
    """Makes a file, wherever it is unpickled."""

    def __init__(self, path: Path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_what_is_pickled_into_the_counts_of_tries_is_never_run(client, tmp_path):
    file = tmp_path / "run"
    give_password(client, "ann", "guess")

    put(PICKLED_TRIES.format(pickled=b64encode(pickle.dumps(Touching(file))).decode()))

    assert give_password(client, "ann", "guess").status_code == 200
    assert not file.exists()


@pytest.mark.parametrize("name", OTHER_JOBS)
def test_job_that_the_site_did_not_start_is_not_done(worked, caplog, name):
    study = worked.study
    carl = get_user_model().objects.get(username="carl")
    started = start_job(find_kind("make-groups"), study=study, by=carl, key="once", names=["a"])
    own = uuid.uuid4()

    put(OTHER_JOBS[name].replace("{own}", str(own)))
    put_there = Job.objects.get()
    perform(put_there.pk, put_there.attempt)

    put_there.refresh_from_db()
    assert (put_there.state, put_there.error) == ("failed", FORGED)
    assert not Group.objects.exists()
    assert f"Job {put_there.pk} of kind {put_there.kind} was not started by the site" in caplog.text
    assert put_there.pk in (own, started.pk)


def test_job_that_was_started_under_a_former_key_is_done(worked, settings):
    job = start_job(find_kind("make-groups"), study=None, by=None, names=["a"])
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-secret-of-fifty-characters-or-more-for-this-one-test-0123"

    perform(job.pk, job.attempt)

    job.refresh_from_db()
    assert job.state == "done"


@pytest.fixture
def seen(worked, client):
    """``seen(**question)``: what iris is told."""
    client.force_login(get_user_model().objects.get(username="iris"))

    def seen(**question) -> bytes:
        return client.get(reverse("comparison-json", args=[worked.study.slug]), question).content

    seen.worked = worked
    return seen


@pytest.mark.parametrize("name", OTHER_RESULTS)
def test_result_that_the_site_did_not_store_is_computed_anew(seen, name):
    first = seen(), seen(set="edema")
    assert first[0] != first[1]

    put(OTHER_RESULTS[name])

    assert (seen(), seen(set="edema")) == first


def test_earlier_result_is_not_taken_for_the_data_of_today(seen):
    seen()
    kept = "SELECT study_id, data_version, question, program, content, proof FROM analysis_cachedresult"
    version = "SELECT sha256, proof FROM analysis_dataversion ORDER BY revision DESC LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(kept)
        result = cursor.fetchone()
        cursor.execute(version)
        earlier = cursor.fetchone()
    finish(seen.worked)
    today = seen()

    put(EARLIER_RESULTS["results"], *result)
    put(EARLIER_RESULTS["version"], *earlier)

    assert seen() == today


def finish(worked: Worked) -> None:
    """Sign off the draft, which changes what is compared."""
    there = set(Grade.objects.filter(read=worked.draft).values_list("muscle", flat=True))
    grade(worked.draft, score=3, muscles=[muscle for muscle in MUSCLE_CODES if muscle not in there])
    services.sign_off(worked.draft)
