"""Values of the trail that no site writes, past the triggers: `verify` says so in words, and the pages of the trail
go on telling what they can.

Each oddness in one of a few values that something is made of; with THIGHSITE_FULL=1 in every fourth that is told.
"""

import os

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from psycopg.types.json import Jsonb

from tests.grading.integrity.rich_study import make_rich_study
from tests.grading.integrity.worked_study import faults
from tests.made_once import committed_once
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db(transaction=True)
worked = committed_once(make_rich_study)

ODD = ["x", "", "99999999999999999999", 10**19, -1, 0.5, True, None, [], {}, ["x"], {"x": None}, "infinity"]
TOLD = """
SELECT DISTINCT table_name, name FROM grading_trail,
       jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS name ORDER BY table_name, name
"""
SPOIL = """
UPDATE grading_trail SET before = CASE WHEN before ? %(name)s THEN before || %(odd)s ELSE before END,
                         after = CASE WHEN after ? %(name)s THEN after || %(odd)s ELSE after END
WHERE table_name = %(table)s
"""
DIGEST = "SELECT md5(string_agg(concat_ws(' ', key, before, after), ' ' ORDER BY id)) FROM grading_trail"
FEW = [("grading_member", "user_id"), ("mfa_authenticator", "user_id"), ("grading_read", "signed_off_at"),
       ("grading_reopening", "signed_off_at"), ("grading_participant", "group_id")]  # fmt: skip

CALLED_BY = {
    "grading_read": ["mri_id", "reader_id", "feature", "occasion", "code"],
    "grading_reopening": ["read_id"],
    "grading_stack": ["mri_id", "sequence"],
    "grading_covariatevalue": ["covariate_id", "participant_id"],
    "grading_mri": ["code", "participant_id"],
    "grading_participant": ["code"],
    "grading_member": ["user_id"],
}


def execute(statement: str, **parameters) -> list[tuple]:
    """Run a statement as the owner does, and fetch what it returns."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def client(worked):
    """Of the coordinator, whom an error of the site is answered with 500."""
    client = Client(raise_request_exception=False)
    client.force_login(get_user_model().objects.get(username="carl"))
    return client


def pages(worked) -> list[str]:
    """Whatever tells of the trail, the participant's page last."""
    study, read = worked.study, worked.signed
    trail, searches = reverse("trail", args=[study.slug]), ("P1", "ann", read.code)
    listed = [trail, reverse("export-trail", args=[study.slug]), reverse("members", args=[study.slug])]
    listed += [f"{trail}?code={text}" for text in searches]
    return [*listed, reverse("participant", args=[study.slug, read.mri.participant_id])]


def untold(client, asked: list[str]) -> list[str]:
    """Ask pages, and list those that did not answer."""
    return [page for page in asked if not _answers(client, page)]


def _answers(client, page: str) -> bool:
    with transaction.atomic():
        answer = client.get(page)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(True)
    return answer.status_code == 200 and bool(body)


def unsaid(worked, client, statement: str, **parameters) -> list[str]:
    """Spoil the trail for a moment, and list who did not go on."""
    with transaction.atomic():
        before = execute(DIGEST)
        execute(statement, **parameters)
        is_spoilt = execute(DIGEST) != before  # a value may have been as odd
        missed = untold(client, pages(worked)) + (["verify"] if is_spoilt and not faults(worked.study) else [])
        transaction.set_rollback(True)
    return missed


@pytest.mark.parametrize(("turn", "odd"), [*enumerate(ODD)])
def test_odd_value_is_said_in_words(worked, client, turn, odd):
    places = execute(TOLD)
    assert set(FEW) <= set(places)
    chosen = places[turn % 4 :: 4] if os.environ.get("THIGHSITE_FULL") else [FEW[turn % len(FEW)]]
    with rules_off():
        missed = {
            (table, name): lost
            for table, name in chosen
            if (lost := unsaid(worked, client, SPOIL, table=table, name=name, odd=Jsonb({name: odd})))
        }

    assert missed == {}


@pytest.mark.parametrize("key", ["x", "", "99999999999999999999", "10x", "-1", "0.5"])
def test_odd_key_is_said_in_words(worked, client, key):
    tables = [table for (table,) in execute("SELECT DISTINCT table_name FROM grading_trail ORDER BY 1")]
    spoil = "UPDATE grading_trail SET key = %(key)s WHERE table_name = ANY (%(tables)s)"
    with rules_off():
        together = [[table] for table in tables] if os.environ.get("THIGHSITE_FULL") else [tables]
        missed = {str(chosen): unsaid(worked, client, spoil, key=key, tables=chosen) for chosen in together}

    assert not any(missed.values()), missed


@pytest.mark.parametrize("column", ["before", "after"])
@pytest.mark.parametrize("odd", [odd for odd in ODD if not isinstance(odd, dict)], ids=repr)
def test_odd_record_is_said_in_words(worked, client, column, odd):
    with rules_off():
        assert unsaid(worked, client, f"UPDATE grading_trail SET {column} = %(odd)s", odd=Jsonb(odd)) == []


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_odd_name_of_what_is_gone_is_said_in_words(worked, client, odd):
    """Only the trail tells what such rows were called."""
    asked = pages(worked)[:-1]
    with rules_off(), transaction.atomic():
        for table, names in CALLED_BY.items():
            for name in names:
                execute(SPOIL, table=table, name=name, odd=Jsonb({name: odd}))
            execute(f"DELETE FROM {table} AS gone WHERE gone::text NOT LIKE '%%coordinator%%'")
        assert faults(worked.study)
        assert untold(client, asked) == []
        transaction.set_rollback(True)
