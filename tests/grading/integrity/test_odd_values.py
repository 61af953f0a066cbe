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

from grading.models import TrailRecord
from grading.services.accounts import Usernames
from tests.grading.integrity.rich_study import make_rich_study
from tests.grading.integrity.worked_study import faults
from tests.made_once import committed_once
from tests.ownership import rules_off

pytestmark = pytest.mark.django_db(transaction=True)
worked = committed_once(make_rich_study)

# As JSON. The second ones PostgreSQL keeps, and Python reads as infinity, or cannot write again, or not read at all.
ODD = ['"x"', '""', '"99999999999999999999"', str(10**19), "-1", "0.5", "true", "null", "[]", "{}", '["x"]',
       '{"x": null}', '"infinity"']  # fmt: skip
HARD = [f"1{400 * '0'}.5", "[" * 700 + "]" * 700, "1e5000", '{"x":' * 3000 + "0" + "}" * 3000]
TOLD = """
SELECT DISTINCT table_name, name FROM grading_trail,
       jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS name ORDER BY table_name, name
"""
SPOIL = """
UPDATE grading_trail
SET before = CASE WHEN before ? %(name)s THEN jsonb_set(before, ARRAY[%(name)s], %(odd)s) ELSE before END,
    after = CASE WHEN after ? %(name)s THEN jsonb_set(after, ARRAY[%(name)s], %(odd)s) ELSE after END
WHERE table_name = %(table)s
"""
DIGEST = "SELECT md5(string_agg(concat_ws(' ', at, key, before, after), ' ' ORDER BY id)) FROM grading_trail"
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


def brief(value) -> str:
    """Name a parameter by what it begins with."""
    return str(value)[:20]


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


@pytest.mark.parametrize(("turn", "odd"), [*enumerate(ODD + HARD)], ids=brief)
def test_odd_value_is_said_in_words(worked, client, turn, odd):
    places = execute(TOLD)
    assert set(FEW) <= set(places)
    chosen = places[turn % 4 :: 4] if os.environ.get("THIGHSITE_FULL") else [FEW[turn % len(FEW)]]
    with rules_off():
        missed = {
            (table, name): lost
            for table, name in chosen
            if (lost := unsaid(worked, client, SPOIL, table=table, name=name, odd=odd))
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
@pytest.mark.parametrize("odd", [odd for odd in ODD if not odd.startswith("{")], ids=brief)
def test_odd_record_is_said_in_words(worked, client, column, odd):
    with rules_off():
        assert unsaid(worked, client, f"UPDATE grading_trail SET {column} = %(odd)s", odd=odd) == []


@pytest.mark.parametrize("at", ["infinity", "0044-03-15 BC"])
def test_odd_time_is_said_in_words(worked, client, at):
    with rules_off():
        assert unsaid(worked, client, "UPDATE grading_trail SET at = %(at)s", at=at) == []
        with transaction.atomic():
            execute("UPDATE grading_trail SET at = %(at)s", at=at)
            newest, *older = TrailRecord.objects.newest_first().values_list("pk", flat=True)
            assert [*TrailRecord.objects.newest_first().older_than(newest).values_list("pk", flat=True)] == older
            transaction.set_rollback(True)


def test_odd_manifest_is_said_in_words(worked, client):
    """As the trail tells it, and as it is stored."""
    with rules_off():
        for odd in HARD[-2:]:
            assert unsaid(worked, client, SPOIL, table="grading_stack", name="geometry", odd=odd) == []
        with transaction.atomic():
            execute("UPDATE grading_stack SET geometry = %(odd)s", odd=odd)
            told = faults(worked.study)
            transaction.set_rollback(True)

    assert "stack of MRI M4 of participant P4: not what the trail tells, and one of the two cannot be read" in told
    assert "stack of MRI M4 of participant P4: its manifest does not say how many slices it has" in told


def test_reopening_of_nothing_is_said_in_words(worked, client):
    made_up = """
        INSERT INTO grading_trail (study_id, table_name, key, operation, at, reason, source, db_role, after,
                                   transaction, previous, hash)
        VALUES (%(study)s, 'grading_reopening', gen_random_uuid(), 'insert', now(), '', '', '', '{}', 0, '', 'x')"""
    with rules_off():
        assert unsaid(worked, client, made_up, study=worked.study.pk) == []


def test_who_is_gone_is_not_named_by_a_number_that_is_nearly_theirs(worked):
    ann = worked.signed.reader_id
    with rules_off(), transaction.atomic():
        execute("DELETE FROM grading_member WHERE user_id = %(ann)s", ann=ann)
        execute(SPOIL, table="grading_member", name="user_id", odd=f"{ann}.9")
        told = faults(worked.study)
        transaction.set_rollback(True)

    assert f"member account {ann}.9: record" in told
    assert "member ann: record" not in told


def test_odd_name_of_then_leaves_names_to_others(worked):
    iris = get_user_model().objects.get(username="iris")
    was = "UPDATE grading_trail SET before = '{\"username\": 5}' WHERE table_name = 'auth_user' AND key = %(key)s"
    with rules_off(), transaction.atomic():
        execute(was, key=str(iris.pk))
        taken = Usernames.taken()
        transaction.set_rollback(True)

    assert taken.why_not("ira") is None
    assert "was the name of an account" in taken.why_not("5")


@pytest.mark.parametrize("odd", ODD + HARD, ids=brief)
def test_odd_name_of_what_is_gone_is_said_in_words(worked, client, odd):
    """Only the trail tells what such rows were called."""
    asked = pages(worked)[:-1]
    with rules_off(), transaction.atomic():
        for table, names in CALLED_BY.items():
            for name in names:
                execute(SPOIL, table=table, name=name, odd=odd)
            execute(f"DELETE FROM {table} AS gone WHERE gone::text NOT LIKE '%%coordinator%%'")
        assert faults(worked.study)
        assert untold(client, asked) == []
        transaction.set_rollback(True)
