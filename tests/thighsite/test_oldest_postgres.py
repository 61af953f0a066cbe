"""The oldest PostgreSQL that can be had here: the wheel of the embedded server also brings the release before last.

The site runs on PostgreSQL 15 or later (docs/guides/operator.md). What releases differ in that the site needs is mostly
in its migrations.
"""

import psycopg
import pytest

from tests.browser.servers import Server
from thighsite.embedded_postgres import programs
from thighsite.embedded_postgres.server import Server as EmbeddedServer

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")


@pytest.fixture
def older(tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "DIRECTORY", "pginstall/bin")
    server = EmbeddedServer(tmp_path / "postgres", durable=False)
    server.directory.mkdir()
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    programs.run("initdb", "-D", server.data, *options, cluster=server.data)
    server.ensure()
    yield server
    server.leave()


def test_site_is_migrated_and_filled_on_an_older_postgresql(older, static_files):
    site = Server(older.url())
    site.manage(["demo", "--no-serve", "-v0"])

    with psycopg.connect(older.url()) as connection:
        assert connection.info.server_version < 170000
        studies = connection.execute("SELECT slug FROM grading_study WHERE id IN (SELECT study_id FROM grading_read)")
        for (slug,) in studies.fetchall():
            site.manage(["verify", "--study", slug])
        assert studies.rowcount
    site.stop()
