"""What somebody tries who has the password of the application's role, and not the site's key.

Each attempt is refused by PostgreSQL, or `verify` reports it; in test_unheeded.py are those of which the site takes no
notice. Temporary tables in the place of the project's own are in tests/thighsite/test_temporary_tables.py.
"""

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.utils import timezone

from tests.builders import make_job, make_member, make_user
from tests.grading.integrity.attacks import REFUSED, REPORTED
from tests.grading.integrity.connections import session
from tests.grading.integrity.worked_study import Worked, faults, make_worked_study
from tests.made_once import committed_once
from tests.thighsite.sign_in.people import give_app_alone
from thighsite import acting

pytestmark = pytest.mark.django_db(transaction=True)


def make_attacked_study() -> Worked:
    make_user("stranger")
    made = make_worked_study()
    give_app_alone(get_user_model().objects.get(username="iris"))
    make_member(made.study, user=make_user("idle"))
    make_job(made.study, made.signed.reader, state="done", ended_at=timezone.now())
    assert faults(made.study) == ""
    return made


studied = committed_once(make_attacked_study)


@pytest.fixture
def worked(request) -> Worked:
    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")
    return request.getfixturevalue("studied")


def attack(worked: Worked, statements: str) -> None:
    """In one transaction, as a program that knows the role's password has it."""
    ids = {name: getattr(worked, name).pk for name in vars(worked)}
    roles = {"owner": connection.owner["USER"], "application": connection.application["USER"]}
    proof = acting._said(worked.signed.reader_id, "", connection.trail_session)
    with session() as attacker:
        attacker.execute(statements.format(**ids, **roles, proof=proof))


@pytest.mark.parametrize("name", REFUSED)
def test_attack_is_refused(worked, name):
    with pytest.raises(psycopg.Error):
        attack(worked, REFUSED[name])

    assert faults(worked.study) == ""


@pytest.mark.parametrize("name", REPORTED)
def test_attack_is_reported(worked, name):
    statements, said = REPORTED[name]

    attack(worked, statements)

    assert said in faults(worked.study)


@pytest.mark.parametrize("statement", [
    "UPDATE grading_member SET role = 'reader' WHERE role = 'investigator'",
    "DELETE FROM grading_member WHERE role = 'investigator'; INSERT INTO grading_member (id, study_id, user_id, role) "
    "SELECT gen_random_uuid(), '{study}', id, 'reader' FROM auth_user WHERE username = 'iris'",
])  # fmt: skip
def test_investigator_made_reader_is_refused_or_reported(worked, statement):
    refused = ""
    try:
        attack(worked, statement)
    except psycopg.Error as error:
        refused = str(error)

    reported = faults(worked.study)
    assert ("may have seen the groups" in refused) != ("member iris: changed by somebody who is not" in reported)


def test_key_of_the_site_is_not_its_secret():
    assert acting.key_of(settings.SECRET_KEY) not in ("", settings.SECRET_KEY)
    assert settings.SECRET_KEY not in acting._said(1, "", "1 2")
