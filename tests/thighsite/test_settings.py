"""Settings from the environment, seen from outside: each case is a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "THIGHSITE_MODE": "production",
    "SECRET_KEY": "a-secret-of-fifty-characters-or-more-for-this-one-test-0123456789",
    "ALLOWED_HOSTS": "thighsite.example.org",
    "DATABASE_URL": "postgres://thighsite:secret@localhost:5432/thighsite",
}
OURS = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "BIND", "DEBUG", "DJANGO_SETTINGS_MODULE"}
OURS |= {"OWNER_DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the tests' own


def manage(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_missing_secret_in_production_is_an_error_that_says_what_to_set(missing):
    done = manage("check", **{name: value for name, value in PRODUCTION.items() if name != missing})

    assert done.returncode != 0
    assert f"Set the environment variable {missing}:" in done.stderr


def test_production_is_what_a_server_gets_unless_told_otherwise():
    done = subprocess.run(
        [sys.executable, "-c", "import thighsite.wsgi"],
        cwd=ROOT, capture_output=True, text=True,
        env={name: value for name, value in os.environ.items() if name not in {*OURS, "THIGHSITE_MODE"}},
    )  # fmt: skip

    assert done.returncode != 0
    assert "Set the environment variable SECRET_KEY" in done.stderr


def test_deployment_check_is_clean():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"THIGHSITE_MODE": "prod"}, "production or development"),
        ({"DEBUG": "maybe"}, "must be true or false"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "must name a PostgreSQL database"),
    ],
)
def test_impossible_setting_is_an_error(environment, message):
    done = manage("check", **environment)

    assert done.returncode != 0
    assert message in done.stderr


def test_development_keeps_one_secret_readable_by_its_owner_only(tmp_path):
    show = "from django.conf import settings; print(settings.SECRET_KEY)"

    first, second = (manage("shell", "-v0", "-c", show, THIGHSITE_DATA_DIR=str(tmp_path)).stdout for _ in range(2))

    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_former_keys_are_given_beside_the_key():
    show = "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)"

    shown = manage("shell", "-v0", "-c", show, **PRODUCTION, SECRET_KEY_FALLBACKS="a-former-key, one-before-it")

    assert shown.stdout == "['a-former-key', 'one-before-it']\n"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"BIND": "127.0.0.1:8412"}, "http://localhost:8412"),
        ({"BIND": "unix:/run/site"}, "http://localhost:8000"),
        ({"BIND": "127.0.0.1:8412", "SITE_URL": "http://mri.local/"}, "http://mri.local"),
        (PRODUCTION | {"BIND": "0.0.0.0:8000"}, "https://thighsite.example.org"),
    ],
)
def test_links_of_commands_have_the_address_that_is_set_or_served(environment, address):
    show = "from django.conf import settings; print(settings.SITE_URL)"

    assert manage("shell", "-v0", "-c", show, **environment).stdout.strip() == address
