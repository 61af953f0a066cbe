"""What somebody changes who rules the server and switches the triggers off, `verify` finds: each kind, one by one."""

from contextlib import contextmanager

import pytest
from django.db import connection

from grading.models import Seal
from grading.services.sealing import seal_trail
from tests.builders import make_calibration_case, make_participant
from tests.grading.integrity.changes import CHANGES
from tests.grading.integrity.worked_study import Worked, faults, grade, make_worked_study, verified
from tests.made_once import committed_once
from tests.ownership import past_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def make_sealed_study() -> Worked:
    made = make_worked_study()
    grade(made.draft, score=2, muscles=("VI",))  # which has two entries then
    made.study.password_at_sign_off = True
    made.study.save()
    assert seal_trail(made.study).number == 2
    make_calibration_case(made.study, grades={"edema": [1] * 11}, code="P5")
    make_participant(made.study, code="P6")  # whose record tells how many seals there are
    assert faults(made.study) == ""
    return made


worked = committed_once(make_sealed_study)


@contextmanager
def disabled_triggers():
    """As the owner of the tables could, who rules no server."""
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(tables)
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER ALL")
        yield
        for name in names:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER ALL")


def about(worked: Worked, statement: str) -> str:
    """The statement, about the reads of a study."""
    return statement.format(**{name: getattr(worked, name).pk for name in vars(worked)})


@pytest.mark.parametrize("name", CHANGES)
def test_change_behind_the_triggers_back_is_found(worked, name):
    statement, said = CHANGES[name]

    assert past_the_triggers(about(worked, statement))

    found = faults(worked.study)
    assert said in found
    assert found != ""


@pytest.mark.parametrize("name", ["grade of a signed read", "group of a participant", "record deleted", "seal changed"])
def test_change_with_disabled_triggers_is_found(worked, name):
    statement, said = CHANGES[name]

    with disabled_triggers(), connection.cursor() as cursor:
        cursor.execute(about(worked, statement))
        assert cursor.rowcount

    assert said in faults(worked.study)


def test_rule_that_stays_switched_off_is_found(worked):
    try:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE grading_grade DISABLE TRIGGER trail_update")
        assert "grading_grade: a rule of the database is switched off: trail_update" in faults(worked.study)
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE grading_grade ENABLE TRIGGER trail_update")


def test_all_seals_and_trail_made_anew_do_not_hold_a_seal_that_was_written_down(worked):
    written = Seal.objects.filter(study=worked.study).get(number=2)
    assert past_the_triggers("UPDATE grading_seal SET hash = repeat('a', 64) WHERE number = 2")
    assert past_the_triggers("DELETE FROM grading_seal WHERE number = 2")
    assert past_the_triggers(
        "UPDATE grading_trail SET reason = 'x', hash = 'x' WHERE id = (SELECT max(id) FROM grading_trail)"
    )

    assert f"seal {written}: it is not among the seals" in faults(worked.study, seal=str(written))


def test_nothing_is_found_where_nothing_was_done(worked):
    assert "All 3 signatures of worked hold (2 signed here, 1 imported)" in verified(worked.study)
