"""The site's role can make no temporary tables, and could it, the rules in the database would not look into them."""

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from psycopg import sql

from grading.models import Study
from tests.builders import (
    make_member,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_unblinded,
    make_user,
)
from thighsite.postgres.functions import TEXT_OF_VALUES

pytestmark = pytest.mark.django_db(transaction=True)

HELD = "search_path=pg_catalog, public, pg_temp"
OURS = """
SELECT oid::regprocedure::text, proconfig, prorettype = 'trigger'::regtype, has_function_privilege(%s, oid, 'EXECUTE')
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def run(*statements):
    """One after the other as the site's role, in one transaction."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def ask(question, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchall()


@pytest.fixture
def two_roles():
    if connection.owner is None:
        pytest.skip("One role does both here: set OWNER_DATABASE_URL to test them apart.")


@pytest.fixture
def temporary_tables(two_roles):
    """An administrator gave the right back by mistake."""
    database = sql.Identifier(connection.settings_dict["NAME"])
    role = sql.Identifier(connection.application["USER"])
    for verb in ("GRANT TEMPORARY ON DATABASE {} TO {}", "REVOKE TEMPORARY ON DATABASE {} FROM {}"):
        with connection.as_owner():  # leaving it ends the session, and the session its temporary tables
            run(sql.SQL(verb).format(database, role))
        if verb.startswith("GRANT"):
            yield


def test_every_function_looks_for_the_projects_tables_before_temporary_ones():
    functions = ask(OURS, connection.application["USER"])

    assert len(functions) > 20
    assert [name for name, settings, *_ in functions if HELD not in settings] == []


def test_every_function_writes_values_alike_wherever_it_is_called():
    functions = ask(OURS, connection.application["USER"])

    wanted = {f"{name}={value}".lower() for name, value in TEXT_OF_VALUES.items()}
    lacking = {name: wanted - {one.lower() for one in settings} for name, settings, *_ in functions}
    assert {name: settings for name, settings in lacking.items() if settings} == {}


def test_role_of_the_site_makes_no_trigger_of_the_functions(two_roles):
    functions = ask(OURS, connection.application["USER"])

    assert [name for name, _, is_trigger, may in functions if is_trigger and may] == []


def test_role_of_the_site_may_make_nothing(two_roles):
    """Neither tables nor functions, operators or casts that a rule could be led to take for the project's own."""
    role = connection.application["USER"]
    database = "SELECT has_database_privilege(%s, current_database(), right_) FROM unnest(ARRAY['TEMPORARY', 'CREATE'])"
    schemas = "SELECT nspname::text FROM pg_namespace WHERE has_schema_privilege(%s, oid, 'CREATE')"

    assert ask(f"{database} AS rights (right_)", role) == [(False,), (False,)]
    assert [name for (name,) in ask(schemas, role) if not name.startswith("pg_temp")] == []


# What the site's role may call that has the owner's rights, and what for.
WITH_OWNERS_RIGHTS = {
    "trail_session": "tells the session its own name",
    "trail_key_prints": "tells by which keys the database knows the site, not the keys",
    "grading_note_change": "counts a study's revision on, and nothing else",
    "grading_make_seal": "adds a seal, and nothing else",
    "grading_note_unblinded": "notes who is shown the groups, and nothing else",
    "grading_new_code": "draws a code that is free, also among participants of other study sites",
    "grading_code_is_free": "tells of a code whether it is taken, and not by whom",
    "grading_codes_taken": "tells of codes whether participants have them, and not which",
    "grading_own_site": "tells a limited session its study site, and any other nothing",
    "grading_own_participants": "likewise which participants it sees",
    "grading_own_mris": "likewise of MRIs",
    "grading_own_reads": "likewise of reads",
}


def test_functions_with_the_owners_rights_are_few(two_roles):
    functions = ask(
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef "
        "AND has_function_privilege(%s, oid, 'EXECUTE')",
        connection.application["USER"],
    )

    assert {name for (name,) in functions} == set(WITH_OWNERS_RIGHTS)


def change_signed_grade():
    read = make_signed_off_read()
    return ["CREATE TEMPORARY TABLE grading_read (LIKE public.grading_read)",
            f"UPDATE public.grading_grade SET score = 3 WHERE read_id = '{read.pk}'"]  # fmt: skip


def take_signature_back():
    read = make_signed_off_read()
    return [f"CREATE TEMPORARY TABLE grading_reopening AS SELECT uuid '{read.pk}' AS read_id, "
            f"timestamptz '{read.signed_off_at.isoformat()}' AS signed_off_at",
            "UPDATE public.grading_read SET status = 'draft', signed_off_at = NULL, signed_off_by_id = NULL, "
            f"sign_off_meaning = '' WHERE id = '{read.pk}'"]  # fmt: skip


def locked_study():
    study = make_study()
    coordinator = make_member(study, "coordinator").user
    make_participant(study)
    read = make_read(study=study, scores=[1])
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=coordinator)
    return study, read


def change_participant_of_locked_study():
    study, _ = locked_study()
    return ["CREATE TEMPORARY TABLE grading_study (LIKE public.grading_study)",
            f"UPDATE public.grading_participant SET age_years = 30 WHERE study_id = '{study.pk}'"]  # fmt: skip


def change_grade_of_locked_study():
    _, read = locked_study()
    return ["CREATE TEMPORARY TABLE grading_read (LIKE public.grading_read)",
            f"UPDATE public.grading_grade SET score = 3 WHERE read_id = '{read.pk}'"]  # fmt: skip


def make_investigator_reader():
    member = make_unblinded(make_member(make_study(), "investigator"))
    return ["CREATE TEMPORARY TABLE grading_unblinded (LIKE public.grading_unblinded)",
            f"UPDATE public.grading_member SET role = 'reader' WHERE id = '{member.pk}'"]  # fmt: skip


def make_site_admin_reader():
    admin, study = make_user(), make_study()
    get_user_model().objects.filter(pk=admin.pk).update(is_staff=True)
    return ["CREATE TEMPORARY TABLE auth_user (LIKE public.auth_user)",
            "INSERT INTO public.grading_member (id, study_id, user_id, role) "
            f"VALUES (gen_random_uuid(), '{study.pk}', {admin.pk}, 'reader')"]  # fmt: skip


def forge_trail():
    return ["CREATE TEMPORARY TABLE grading_grade (id int, study_id uuid)",
            "CREATE TRIGGER forged AFTER INSERT ON grading_grade REFERENCING NEW TABLE AS new_rows "
            "FOR EACH STATEMENT EXECUTE FUNCTION public.trail_insert('id', '{}', '{}')",
            "INSERT INTO grading_grade VALUES (1)"]  # fmt: skip


ATTACKS = {
    change_signed_grade: "its grades are frozen",
    take_signature_back: "reopened with a reason",
    change_participant_of_locked_study: "The study is locked",
    change_grade_of_locked_study: "The study is locked",
    make_investigator_reader: "may have seen the groups",
    make_site_admin_reader: "can see the groups of every study",
    forge_trail: "permission denied for function",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_role_of_the_site_makes_no_temporary_table(two_roles, attack):
    with pytest.raises(ProgrammingError, match="permission denied to create temporary tables"):
        run(*attack())


@pytest.mark.parametrize("attack", ATTACKS)
def test_temporary_table_hides_none_of_the_projects_from_its_rules(temporary_tables, attack):
    with pytest.raises(DatabaseError, match=ATTACKS[attack]):
        run(*attack())
