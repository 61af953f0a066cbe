"""What people alone may do, written by the owner of the tables in their names: `verify` reports each, though no rule is
off any more and the trail tells of all.
"""

import pytest
from django.db import connection

from tests.builders import make_user
from tests.grading.integrity.connections import session
from tests.grading.integrity.owners_acts import ACTS, UNSIGN, WHY
from tests.grading.integrity.worked_study import Worked, faults, make_worked_study, verified
from tests.made_once import committed_once
from tests.ownership import triggers_off

pytestmark = pytest.mark.django_db(transaction=True)


def make_study_beside_a_stranger() -> Worked:
    make_user("stranger")
    made = make_worked_study()
    assert faults(made.study) == ""
    return made


studied = committed_once(make_study_beside_a_stranger)


@pytest.fixture
def worked(request) -> Worked:
    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")
    return request.getfixturevalue("studied")


def at_the_database(worked: Worked, statements: str) -> None:
    ids = {name: getattr(worked, name).pk for name in vars(worked)}
    with session(as_owner=True) as owner:
        owner.execute(statements.format(**ids))


@pytest.mark.parametrize("name", ACTS)
def test_act_in_the_name_of_another_is_reported(worked, name):
    rules_off, statements, said = ACTS[name]

    with triggers_off(**rules_off):
        at_the_database(worked, statements)

    assert said in faults(worked.study)


def test_reopening_of_another_sign_off_excuses_none(worked):
    """That read was reopened, and signed again; the second sign-off is taken away."""
    with triggers_off(grading_read="read_reopened_with_a_reason"):
        at_the_database(worked, UNSIGN.replace("{signed}", "{reopened}"))

    assert "P2, M2, ann, edema: its sign-off was taken away without a reopening" in faults(worked.study)


def test_note_of_what_was_changed_at_the_database_names_the_rows(worked):
    at_the_database(worked, f"{WHY} UPDATE grading_participant SET age_years = 50 WHERE code IN ('P1', 'P4')")

    said = verified(worked.study)
    assert "2 changes were made at the database itself, by psql as " in said
    assert " UTC: participant P1; participant P4\n" in said
