"""The two roles of the database, made and equipped by migrate, as an operator meets them."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from tests.browser.servers import migrated_database, new_database, owner_address

ROOT = Path(__file__).resolve().parents[2]
ROLE = "thighsite_roles_test"
PRODUCTION = {
    "THIGHSITE_MODE": "production",
    "SECRET_KEY": settings.SECRET_KEY,  # by which the migrated database knows the site
    "ALLOWED_HOSTS": "localhost",
}


OURS = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "OWNER_DATABASE_URL"}


def manage(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True)


@pytest.fixture
def owner(request):
    """The address of a database with all tables, as their owner; of an empty one where that is asked for."""
    address = owner_address(getattr(request, "param", migrated_database)("thighsite_roles_test"))
    yield address
    server = urlunsplit(urlsplit(address)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as postgres:
        name = sql.Identifier(urlsplit(address).path.removeprefix("/"))
        postgres.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))
        postgres.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(ROLE)))


from_nothing = pytest.mark.parametrize("owner", [new_database], indirect=True)


@pytest.fixture
def application(owner):
    """The same as a role that does not exist yet."""
    place = urlsplit(owner)
    return urlunsplit(place._replace(netloc=f"{ROLE}:a-password@{place.netloc.rpartition('@')[2]}"))


@from_nothing
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
        may += ", has_database_privilege(%s, current_database(), 'TEMPORARY')"
        assert database.execute(may, [ROLE] * 3).fetchone() == (False, False, False)
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


def test_function_that_a_later_migration_makes_anew_is_held_as_well(owner, application):
    """CREATE OR REPLACE FUNCTION forgets where the function looks for tables."""
    with psycopg.connect(owner) as database:
        database.execute("CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'")
    done = manage("migrate", "-v0", **PRODUCTION, DATABASE_URL=application, OWNER_DATABASE_URL=owner)

    assert (done.returncode, done.stderr) == (0, "")
    with psycopg.connect(owner) as database:
        asked = "SELECT proconfig[1], has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc WHERE proname = 'later'"
        assert database.execute(asked, [ROLE]).fetchone() == ("search_path=pg_catalog, public, pg_temp", False)


@pytest.fixture
def owner_of_tables_alone(owner):
    """The address of the database as a role that owns what migrations make there, but not the database."""
    place, name = urlsplit(owner), f"{ROLE}_owner"
    with psycopg.connect(owner) as database:
        database.execute(f"CREATE ROLE {name} LOGIN CREATEROLE PASSWORD 'a-password'")
        database.execute(f"GRANT CREATE ON SCHEMA public TO {name}")
    yield urlunsplit(place._replace(netloc=f"{name}:a-password@{place.netloc.rpartition('@')[2]}"))
    with psycopg.connect(owner) as database:
        database.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
        database.execute(f"DROP OWNED BY {name}")
        database.execute(f"DROP ROLE {name}")


@from_nothing
def test_owner_who_cannot_forbid_temporary_tables_is_told_who_can(owner, owner_of_tables_alone, application):
    roles = {"DATABASE_URL": application, "OWNER_DATABASE_URL": owner_of_tables_alone}
    refused = manage("migrate", "-v0", **PRODUCTION, **roles)
    with psycopg.connect(owner) as database:
        database.execute(refused.stderr.partition("run: ")[2])
    done = manage("migrate", "-v0", **PRODUCTION, **roles)

    assert refused.returncode != 0
    assert "may make temporary tables" in refused.stderr
    assert (done.returncode, done.stderr) == (0, "")


def test_in_development_one_role_is_enough(owner):
    migrated = manage("migrate", "-v0", DATABASE_URL=owner, THIGHSITE_MODE="development")
    used = manage("verify", "--study", "none", DATABASE_URL=owner, THIGHSITE_MODE="development")

    assert (migrated.returncode, migrated.stderr) == (0, "")
    assert "There is no study" in used.stderr
