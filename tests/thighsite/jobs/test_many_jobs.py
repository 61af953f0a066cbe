"""What is asked of jobs passes by those that have ended, however many there are: as PostgreSQL itself explains it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from analysis.services.planning import job_of
from analysis.stats.planning.setting import Setting
from tests.builders import make_job, make_member, make_study
from thighsite.jobs.kinds import find_kind
from thighsite.jobs.models import Job
from thighsite.jobs.pieces import _others_wait, forget_pieces
from thighsite.jobs.starting import start_job
from thighsite.jobs.taking_up import take_up

ENDED = 20_000
COPIES = """
INSERT INTO jobs_job (id, study_id, started_by_id, kind, key, arguments, proof, state, attempt, done, doing, error, made_at, ended_at)
SELECT gen_random_uuid(), study_id, started_by_id, CASE number %% 9 WHEN 0 THEN 'plan' ELSE kind END, 'key ' || number, arguments, proof,
       CASE number %% 3 WHEN 0 THEN 'failed' ELSE 'done' END,
       1, 0, '', '', made_at - make_interval(mins => number), made_at - make_interval(mins => number)
FROM jobs_job, generate_series(1, %s) number
"""  # noqa: E501
# The number on each page of the list, which goes through all jobs and is asked for by who looks at that page alone.
OF_ALL = 'SELECT COUNT(*) AS "__count" FROM "jobs_job"'

FILTERS = ("", "?state__exact=failed", "?state__exact=waiting", "?kind=make-groups")


@pytest.fixture
def much_done(transactional_db):
    """A study whose jobs have ended, and PostgreSQL knows it."""
    study = make_study()
    by = make_member(study, "coordinator").user
    make_job(study, by, state=Job.State.DONE, ended_at=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute(COPIES, [ENDED])
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE jobs_job")
    return study, by


def said(query) -> str:
    """A query without who acts, which is said before it."""
    return query["sql"].rpartition("); ")[2].strip()


def explained(queries) -> dict[str, str]:
    """Say of each query that asks for jobs how PostgreSQL goes about it."""
    asked = {sql for sql in map(said, queries) if re.match("SELECT|DELETE|UPDATE", sql) and "jobs_job" in sql}
    asked = {sql for sql in asked if not sql.startswith(OF_ALL)}
    with connection.cursor() as cursor:
        return {sql: _plan(cursor, sql) for sql in asked}


def _plan(cursor, sql: str) -> str:
    cursor.execute(f"EXPLAIN {sql}")
    return "\n".join(line for (line,) in cursor.fetchall())


def test_what_is_asked_each_few_seconds_passes_no_job_that_has_ended(much_done, admin_client):
    study, by = much_done
    list_of_jobs = reverse("admin:jobs_job_changelist")
    with CaptureQueriesContext(connection) as captured:
        take_up()
        forget_pieces()
        _others_wait()
        job_of(study, Setting())
        start_job(find_kind("make-groups"), study=study, by=by, key="key 5", names=[])
        start_job(find_kind("make-groups"), study=study, by=by, key="key 5", names=[])
        for filtered in FILTERS:
            assert admin_client.get(list_of_jobs + filtered).status_code == 200

    plans = explained(captured.captured_queries)

    passed_all = {query: plan for query, plan in plans.items() if re.search(r"Seq Scan on jobs_job\b", plan)}
    assert passed_all == {}
    assert len(plans) > 8
    assert sum(said(query).startswith(OF_ALL) for query in captured.captured_queries) == len(FILTERS)
