"""What a command writes down that ends with an error."""

import json

import pytest

from tests.browser.servers import owner_address
from tests.thighsite.test_settings import PRODUCTION, manage

BREAKS = """
import os
from django.db import connection
connection.ensure_connection()
os.dup2(os.open(os.devnull, os.O_RDWR), connection.connection.fileno())
connection.cursor().execute("SELECT 1")
"""


def test_command_that_fails_in_production_leaves_a_line_without_values():
    done = manage("shell", "-v0", "-c", "{}['P-' + '0042']", **PRODUCTION)

    (line,) = map(json.loads, done.stderr.splitlines())
    assert done.returncode == 1
    assert (line["logger"], line["message"]) == ("thighsite.program", "manage.py shell ended with an error.")
    assert line["traceback"].endswith("KeyError\n")
    assert "P-0042" not in done.stderr


@pytest.mark.parametrize("environment", [{"THIGHSITE_MODE": "development"}, {"THIGHSITE_MODE": "nonsense"}])
def test_error_in_development_or_before_settings_are_read_is_text(environment, tmp_path):
    done = manage("shell", "-v0", "-c", "{}['P-' + '0042']", **environment, THIGHSITE_DATA_DIR=str(tmp_path))

    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr


def test_command_that_reaches_no_database_says_why_and_not_where():
    nowhere = {"DATABASE_URL": "postgres://thighsite:secret@127.0.0.1:1/thighsite"}  # where nobody listens

    done = manage("seal", "--all", **PRODUCTION | nowhere)

    (line,) = map(json.loads, done.stderr.splitlines())
    assert done.returncode == 1
    assert line["message"].startswith("manage.py seal ended, for the database cannot be reached: connection failed")
    assert not {"traceback", "\n"} & {*line, *line["message"]}
    assert "secret" not in done.stderr


@pytest.mark.django_db
def test_connection_that_breaks_in_the_middle_leaves_where_it_did():
    done = manage("shell", "-v0", "-c", BREAKS, **PRODUCTION | {"DATABASE_URL": owner_address("/postgres")})

    line = json.loads(done.stderr.splitlines()[-1])
    assert line["message"] == "manage.py shell ended with an error."
    assert "OperationalError: " in line["traceback"]
