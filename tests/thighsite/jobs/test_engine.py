"""procrastinate: one module uses it, its tables are those of the release, and no other release comes by itself."""

from pathlib import Path

import pytest
from django.db import connection
from packaging.requirements import Requirement

from tests.test_architecture import ROOT, imported_names
from thighsite.jobs.engine_tables import release_of, sql_files

ALONE = {Path("thighsite/jobs/engine.py")}
MAY = """
SELECT has_table_privilege(%s, 'procrastinate_events', verb) FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE'])
    AS verbs (verb)
"""
MIGRATED = (3, 10, 0)  # the last release whose tables a migration of thighsite/jobs makes


def test_procrastinate_is_imported_in_one_place():
    users = {
        path.relative_to(ROOT)
        for folder in ("thighsite", "grading", "analysis", "tests", "bench")
        for path in (ROOT / folder).rglob("*.py")
        if "procrastinate" in path.read_text()  # only those are parsed
        and any(name.split(".")[0] == "procrastinate" for name in imported_names(path))
    }

    assert users == ALONE


def test_every_file_of_sql_of_the_installed_release_is_run_by_a_migration():
    assert len(sql_files()) > 30
    assert [file.name for file in sql_files() if release_of(file) > MIGRATED] == []


def test_no_minor_release_comes_by_itself():
    lines = [line.strip() for line in (ROOT / "pyproject.toml").read_text().splitlines()]
    wanted = Requirement(next(line for line in lines if line.startswith('"procrastinate')).strip('",'))

    assert "3.10.7" in wanted.specifier
    assert "3.11.0" not in wanted.specifier


@pytest.mark.django_db
def test_role_of_the_site_changes_no_event_of_the_engine():
    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")
    with connection.cursor() as cursor:
        cursor.execute(MAY, [connection.application["USER"]])
        assert cursor.fetchall() == [(True,), (False,), (False,)]
