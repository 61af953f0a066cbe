"""A standby that follows the database by PostgreSQL's own replication: long reading goes there, and is never old."""

import urllib.request

import pytest

from tests.embedded import embedded_postgres, migrated_postgres, site_over
from tests.faults.machines import folder_of, said_by
from thighsite.embedded_postgres.programs import run

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

CAST = """
from django.test import Client
from tests.builders import make_member, make_signed_off_read, make_study
study = make_study(slug="thighs")
make_signed_off_read(study=study)
client = Client()
client.force_login(make_member(study, "coordinator").user)
print(client.cookies["sessionid"].value)
"""
MORE = """
from grading.models import MRI
from tests.builders import make_signed_off_read
make_signed_off_read(mri=MRI.objects.get())
"""
ASKED = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'site' AND query LIKE 'COPY%'"


@pytest.fixture
def database(tmp_path):
    with migrated_postgres(tmp_path / "first", durable=False) as server:
        yield server


@pytest.fixture
def site(database, static_files):
    site = site_over(database)
    yield site
    site.stop()


@pytest.fixture
def replica(database, tmp_path):
    """A standby of the database, as pg_basebackup makes it."""
    made, home = folder_of(database, "standby"), tmp_path / "second" / "postgres"
    run("pg_basebackup", "-d", database.url(), "-D", made, "-c", "fast", "--write-recovery-conf", cluster=database.data)
    home.mkdir(parents=True)
    made.rename(home / "data")
    with embedded_postgres(tmp_path / "second", durable=False) as server:
        yield server


def test_long_reading_goes_to_the_replica_as_long_as_that_has_everything(database, site, replica):
    asked = urllib.request.Request(site.url + "/studies/thighs/data/grades.csv")
    asked.add_header("Cookie", f"sessionid={site.python(CAST).strip()}")
    site.environment["REPLICA_DATABASE_URL"] = replica.url().replace("postgres@", "thighsite_app@", 1)
    site.start()
    lines = lambda: len(urllib.request.urlopen(asked).read().splitlines())  # noqa: E731

    whole = lines()
    assert said_by(replica, ASKED) == [(1,)], "the export was read from the replica"

    said_by(replica, "SELECT pg_wal_replay_pause()")
    site.python(MORE)
    assert lines() == 2 * whole - 1, "nothing old comes from a replica that is behind"

    run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", replica.data, cluster=replica.data)
    assert lines() == 2 * whole - 1, "a replica that is away takes nothing away"
    assert "The replica" in site.stop()
