"""The two roles of the database, made and equipped by migrate, as an operator meets them."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from tests.browser.servers import new_database, owner_address

ROOT = Path(__file__).resolve().parents[2]
ROLE = "thighsite_roles_test"
PRODUCTION = {
    "THIGHSITE_MODE": "production",
    "SECRET_KEY": "a-secret-of-fifty-characters-or-more-for-this-one-test-0123456789",
    "ALLOWED_HOSTS": "localhost",
}


def manage(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True)


@pytest.fixture
def owner():
    """The address of an empty database, as its owner."""
    address = owner_address(new_database("thighsite_roles_test"))
    yield address
    server = urlunsplit(urlsplit(address)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as postgres:
        name = sql.Identifier(urlsplit(address).path.removeprefix("/"))
        postgres.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        postgres.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(ROLE)))


@pytest.fixture
def application(owner):
    """The same as a role that does not exist yet."""
    place = urlsplit(owner)
    return urlunsplit(place._replace(netloc=f"{ROLE}:a-password@{place.netloc.rpartition('@')[2]}"))


def test_migrate_makes_a_role_that_owns_nothing_and_the_site_needs_no_other(owner, application):
    done = manage("migrate", "-v0", **PRODUCTION, DATABASE_URL=application, OWNER_DATABASE_URL=owner)
    again = manage("migrate", "-v0", **PRODUCTION, DATABASE_URL=application, OWNER_DATABASE_URL=owner)
    used = manage("createsuperuser", "--noinput", "--username=root", "--email=", **PRODUCTION, DATABASE_URL=application)
    read = manage("verify", "--study", "none", **PRODUCTION, DATABASE_URL=application)

    assert (done.returncode, done.stderr, again.returncode, again.stderr) == (0, "", 0, "")
    assert (used.returncode, used.stderr) == (0, "")
    assert (read.returncode, "There is no study" in read.stderr) == (2, True)
    with psycopg.connect(owner) as database:
        owned = "SELECT count(*) FROM pg_class WHERE relowner = %s::regrole"
        assert database.execute(owned, [ROLE]).fetchone() == (0,)
        may = "SELECT has_schema_privilege(%s, 'public', 'CREATE'), has_table_privilege(%s, 'grading_trail', 'DELETE')"
        assert database.execute(may, [ROLE, ROLE]).fetchone() == (False, False)
        who = "SELECT source, db_role FROM grading_trail WHERE table_name = 'auth_user'"
        assert database.execute(who).fetchall() == [("manage.py createsuperuser", ROLE)]


def test_migrate_in_production_says_that_it_needs_the_owner(owner):
    done = manage("migrate", **PRODUCTION, DATABASE_URL=owner)

    assert done.returncode != 0
    assert "Set OWNER_DATABASE_URL" in done.stderr


def test_role_that_owns_the_tables_is_refused(owner):
    done = manage("migrate", "-v0", **PRODUCTION, DATABASE_URL=owner, OWNER_DATABASE_URL=owner)

    assert done.returncode != 0
    assert "owns the tables or rules the server" in done.stderr


def test_two_addresses_name_one_database(owner, application):
    done = manage("check", DATABASE_URL=application, OWNER_DATABASE_URL=owner.replace("_roles_test", "_another"))

    assert done.returncode != 0
    assert "must name the same database" in done.stderr


def test_in_development_one_role_is_enough(owner):
    migrated = manage("migrate", "-v0", DATABASE_URL=owner, THIGHSITE_MODE="development")
    used = manage("verify", "--study", "none", DATABASE_URL=owner, THIGHSITE_MODE="development")

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert "There is no study" in used.stderr
