"""Keys, functions and rules in the database: `verify` reports those that are not the site's.

Where the database does not know the site, nothing is written.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import override_settings
from django.urls import reverse

from grading.models import TrailRecord
from tests.builders import make_participant, make_study
from tests.grading.integrity.worked_study import faults, make_worked_study, verified
from tests.ownership import rules_off
from thighsite.acting import SiteUnknown

pytestmark = pytest.mark.django_db(transaction=True)
OTHER = "another-secret-of-fifty-characters-or-more-for-this-one-test-0123"

REPLACED = {
    "trail_hash(grading_trail)": "SELECT record.hash",
    "grading_seal_hash(grading_seal,text)": "SELECT seal.hash",
    "grading_digest_of_entries(uuid)": "SELECT after FROM grading_trail WHERE table_name = 'grading_entry' "
                                       "AND read_id = signed ORDER BY id DESC LIMIT 1",
}  # fmt: skip
RULES = {
    "dropped": (
        "DROP TRIGGER read_signed_off_is_frozen ON grading_read", "rule read_signed_off_is_frozen of grading_read",
    ),
    "added": (
        "CREATE TRIGGER own BEFORE INSERT ON grading_grade FOR EACH ROW "
        "EXECUTE FUNCTION suppress_redundant_updates_trigger()", "rule own of grading_grade",
    ),
    "function added": (
        "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'", "function own()",
    ),
    "dropped and forgotten": (
        "DROP TRIGGER read_signed_off_is_frozen ON grading_read; DELETE FROM trail_program WHERE name LIKE "
        "'%read_signed_off_is_frozen%'", "a function or rule is missing: not as migrate left it",
    ),
    "forgotten": ("DELETE FROM trail_program", "not as migrate left it"),
}  # fmt: skip


def by_owner(*statements: str) -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


@contextmanager
def put_back(*statements: str) -> Iterator[None]:
    try:
        yield
    finally:
        by_owner(*statements)
        call_command("migrate", verbosity=0, forget_former_key=True)


@pytest.mark.parametrize("name", REPLACED)
def test_function_that_was_replaced_is_reported(name):
    study = make_worked_study().study
    definition = asked(f"SELECT pg_get_functiondef('{name}'::regprocedure)")
    own = re.sub(r"AS \$function\$.*\$function\$", f"AS $function${REPLACED[name]}$function$", definition, flags=re.S)
    assert own != definition

    with put_back(definition):
        by_owner(own)
        with rules_off(), connection.cursor() as cursor:
            cursor.execute("UPDATE grading_trail SET reason = 'forged', at = at - interval '1 year'")
        assert f"function {name}: not as migrate left it" in faults(study)


@pytest.mark.parametrize("name", RULES)
def test_rule_that_was_changed_is_reported(name):
    study = make_study()
    definition = asked("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = 'read_signed_off_is_frozen'")
    statements, said = RULES[name]
    assert faults(study) == ""

    with put_back(
        "DROP TRIGGER IF EXISTS own ON grading_grade", "DROP FUNCTION IF EXISTS own()",
        "DROP TRIGGER IF EXISTS read_signed_off_is_frozen ON grading_read", definition,
    ):  # fmt: skip
        by_owner(statements)
        assert said in faults(study)


def test_key_of_another_is_reported():
    study = make_study()
    with put_back():
        by_owner("INSERT INTO trail_key VALUES ('mine')")
        assert "trail_key: 1 key is not this site's" in faults(study)

    assert faults(study) == ""


def test_column_that_the_trail_does_not_say_it_watches_is_reported():
    study = make_study()
    with put_back():
        by_owner("DELETE FROM trail_column WHERE table_name = 'grading_grade' AND column_name = 'score'")
        assert "grading_grade: nothing says since when the trail watches score" in faults(study)

    assert faults(study) == ""


def test_nothing_is_written_where_the_site_is_not_known(client):
    study = make_study()
    before = TrailRecord.objects.count()
    connection.close()
    with override_settings(SECRET_KEY=OTHER):
        with pytest.raises(SiteUnknown, match=r"SECRET_KEY_FALLBACKS and run: manage\.py migrate"):
            make_participant(study)
        assert TrailRecord.objects.count() == before
        answer = client.get(reverse("health"))
        assert (answer.status_code, "does not know this site" in answer.content.decode()) == (503, True)
        refused = client.post(reverse("login"), {"username": "ann", "password": "guessed"})
        assert (refused.status_code, "Nothing was changed now" in refused.content.decode()) == (503, True)
        with pytest.raises(SystemCheckError, match="does not know this site"):
            call_command("check", databases=["default"], stderr=StringIO())
        with pytest.raises(CommandError, match="does not know this site"):
            call_command("add_member", "ann", study=study.slug, role="reader", create=True)
        assert "trail_key: the database does not know this site by its SECRET_KEY" in faults(study)
    connection.close()

    assert client.get(reverse("health")).status_code == 200
    make_participant(study)
    assert "All 0 signatures" in verified(study)


def test_migrate_forgets_no_key_of_a_site_that_may_be_running():
    study = make_study()
    with override_settings(SECRET_KEY=OTHER), pytest.raises(CommandError, match="--forget-former-key"):
        call_command("migrate", verbosity=0)

    make_participant(study)
    assert faults(study) == ""


def test_history_under_a_key_that_was_changed_holds():
    study, former = make_study(), settings.SECRET_KEY
    with put_back():
        with override_settings(SECRET_KEY=OTHER, SECRET_KEY_FALLBACKS=[former]):
            call_command("migrate", verbosity=0)
            make_participant(study)
            assert faults(study) == ""
        with override_settings(SECRET_KEY=OTHER):
            call_command("migrate", verbosity=0)
            make_participant(study)
            assert faults(study) == ""

    assert faults(study) == ""
