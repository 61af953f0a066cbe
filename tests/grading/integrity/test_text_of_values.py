"""Signatures and trail hold whatever a role, a database or a server is set to write values like."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from psycopg import sql

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Participant, Read
from tests.grading.integrity.connections import session
from tests.grading.integrity.worked_study import Worked, faults, grade, make_worked_study
from thighsite.acting import because

pytestmark = pytest.mark.django_db(transaction=True)

# Nearly each setting that the text of a value depends on; names of locales differ between machines.
OTHERS = {
    "extra_float_digits": "-12",
    "DateStyle": "SQL, DMY",
    "IntervalStyle": "iso_8601",
    "TimeZone": "Asia/Kathmandu",
    "bytea_output": "escape",
}
OF_DIGITS = 0.008703759999999999


@contextmanager
def other_settings(whose: str) -> Iterator[None]:
    """Within it, new connections write values otherwise: all to the database, or all of the site's role there."""
    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")
    database, role = sql.Identifier(connection.settings_dict["NAME"]), sql.Identifier(connection.settings_dict["USER"])
    target = sql.SQL("DATABASE {}" if whose == "database" else "ROLE {1} IN DATABASE {0}").format(database, role)

    def change(ending: sql.Composable) -> None:
        with session(as_owner=True) as owner:
            owner.execute(sql.SQL("ALTER {} {}").format(target, ending))
        connection.close()

    for name, value in OTHERS.items():
        change(sql.SQL("SET {} = {}").format(sql.Identifier(name), value))
    try:
        yield
    finally:
        change(sql.SQL("RESET ALL"))


def sign_draft(worked: Worked) -> None:
    """As its reader does, who took a time that a few digits cannot tell."""
    Read.objects.filter(pk=worked.draft.pk).update(active_seconds=OF_DIGITS)
    grade(worked.draft, muscles=MUSCLE_CODES[3:])
    services.sign_off(worked.draft)
    with because("typing slip"):
        Participant.objects.filter(code="P1").update(ck_u_per_l=1000 + OF_DIGITS)


@pytest.mark.parametrize("whose", ["database", "role"])
def test_signs_and_verifies_alike_under_other_settings(whose):
    with other_settings(whose):
        worked = make_worked_study()
        sign_draft(worked)
        assert faults(worked.study) == ""

    assert faults(worked.study) == ""


def test_what_was_signed_holds_under_other_settings():
    worked = make_worked_study()
    sign_draft(worked)

    with other_settings("database"):
        assert faults(worked.study) == ""


def test_functions_write_values_alike_in_a_session_that_has_set_others():
    worked = make_worked_study()
    with connection.cursor() as cursor:
        for name in OTHERS.keys() - {"DateStyle"}:  # psycopg reads dates in ISO style alone
            cursor.execute(sql.SQL("SET {} = {}").format(sql.Identifier(name), OTHERS[name]))
        sign_draft(worked)
    connection.close()

    assert faults(worked.study) == ""
