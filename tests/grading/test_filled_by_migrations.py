"""What migrations fill in of a database that was used before."""

from datetime import UTC, datetime, timedelta
from importlib import import_module

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from grading import services
from grading.csv.imports import import_grades
from grading.models import Read, ReadCount, Study, TrailRecord
from grading.models.read_count import WITHOUT_PLACE
from tests.browser.servers import Server, demo_database, owner_address
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.grading.integrity.worked_study import faults
from tests.ownership import constraint_off, rules_off, triggers_off

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_files_brought_in_is_told_from_what_was_handed_out():
    study = make_study_with_reader()
    file = [*complete_read(), *(grade(occasion=occasion) for occasion in "234"), *complete_read(occasion="5")]
    import_grades(study=study, file=as_csv(file))
    signed, completed, opened, before_the_trail, reopened = Read.objects.order_by("occasion")
    import_grades(study=study, file=as_csv([grade(occasion="2", muscle="VM", status="draft")]))
    services.open_read(opened)
    services.reopen(read=reopened, by=make_user(), reason="Wrong scan.")
    _, filled, filled_before_the_trail = (make_read(study=study, reader=signed.reader) for _ in range(3))

    with rules_off():
        Read.objects.update(handed_out=True)
        long_after = timezone.now() + timedelta(minutes=1)
        Read.objects.filter(pk__in=[completed.pk, filled.pk, filled_before_the_trail.pk]).update(imported_at=long_after)
        TrailRecord.objects.filter(read__in=[before_the_trail, filled_before_the_trail]).delete()
        with connection.cursor() as cursor:
            cursor.execute(import_module("grading.migrations.0010_handed_out").FILLED)

    brought_in = set(Read.objects.filter(handed_out=False).values_list("pk", flat=True))
    assert brought_in == {signed.pk, completed.pk, before_the_trail.pk}


def test_what_reads_were_assigned_for_is_told_by_the_trail_or_by_what_they_are_for():
    study = make_study()
    reader = make_member(study).user
    mris = [make_mri(make_participant(study)) for _ in range(2)]
    services.assign_reads(study=study, readers=[reader], feature="edema")
    turned, before_the_trail = (study.reads.get(mri=mri) for mri in mris)
    services.describe_read(read=turned, feature="fat", sequence="T1W")
    signed_off = make_signed_off_read(study=study, reader=reader)

    with rules_off():
        Read.objects.update(assigned_for="")
        TrailRecord.objects.filter(read=before_the_trail).delete()
        with connection.cursor() as cursor:
            cursor.execute(import_module("grading.migrations.0013_taken_back").FILLED)

    assert {read.pk: read.assigned_for for read in Read.objects.all()} == dict.fromkeys(
        (turned.pk, before_the_trail.pk, signed_off.pk), "edema"
    )
    assert services.assign_reads(study=study, readers=[reader], feature="edema") == []


def test_reads_that_files_brought_in_were_assigned_for_nothing():
    study = make_study_with_reader()
    import_grades(study=study, file=as_csv(complete_read()))

    with rules_off(), connection.cursor() as cursor:
        cursor.execute(import_module("grading.migrations.0013_taken_back").FILLED)

    assert Read.objects.get().assigned_for == ""


# As a site of before had it: signatures of the first kind, and rows from before there was a trail.
AS_BEFORE = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
UPDATE grading_read SET signature = grading_signature(grading_read) WHERE status = 'signed_off';
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
SET session_replication_role = replica;
DELETE FROM grading_trail
WHERE table_name IN ('grading_grade', 'grading_participant', 'auth_user', 'grading_reopening');
DELETE FROM grading_trail WHERE table_name = 'grading_read' AND operation = 'insert';
SET session_replication_role = DEFAULT;
UPDATE grading_participant SET age_years = 44 WHERE age_years IS NOT NULL;
"""
UNTOLD = "SELECT count(*) FROM grading_trail WHERE reason = 'Noted as it stood when the trail came to watch it.'"
CHAINED = "SELECT count(*) FROM grading_trail AS trail WHERE hash = trail_hash(trail) AND length(hash) = 64"
KINDS = "SELECT count(*) FROM grading_read WHERE signature = grading_signature(grading_read)"


def test_filled_database_of_before_is_chained_and_told_of_whole():
    site = Server(demo_database("thighsite_chained"))
    owner = owner_address(site.environment["DATABASE_URL"])
    before = MigrationLoader(connection).graph.node_map["grading", "0015_chain_and_seals"].parents
    (last,) = {node.key[1] for node in before if node.key[0] == "grading"}
    site.manage(["migrate", "grading", last, "-v0"])
    with psycopg.connect(owner) as database:
        database.execute(AS_BEFORE)
    site.manage(["migrate", "-v0"], ["verify", "--study", "demo"], ["verify", "--study", "demo-complete"])

    records, of_former_kind = site.rows("SELECT count(*) FROM grading_trail"), site.rows(KINDS)
    assert site.rows(CHAINED) == records
    assert of_former_kind == [(0,)]
    untold = site.rows(UNTOLD)
    assert untold > [(100,)]
    site.manage(["migrate", "-v0"])
    assert site.rows(UNTOLD) == untold
    site.stop()


def test_column_that_a_later_migration_fills_is_told_of_by_migrate():
    study = make_study()
    participant = make_participant(study, code="P1")
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE grading_participant ADD COLUMN consent text NOT NULL DEFAULT 'given'")
    try:
        untold = faults(study)
        call_command("migrate", verbosity=0)
        told = faults(study)
    finally:
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE grading_participant DROP COLUMN consent")
            cursor.execute("DELETE FROM trail_column WHERE column_name = 'consent'")

    assert "participant P1: changed without a record in the trail: consent (nothing → given)" in untold
    assert told == ""
    assert TrailRecord.objects.filter(key=participant.pk).latest("id").after == {"consent": "given"}


def test_ages_over_89_become_90_in_locked_studies_too():
    study = make_study()
    with constraint_off("grading_participant", "participant_age_years"):
        for code, age in {"P1": 89, "P2": 97, "P3": None}.items():
            make_participant(study, code=code, age_years=age)
        Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=make_user())

        later = triggers_off(grading_participant="participant_corrected_with_a_reason")
        with later, connection.as_owner(), connection.cursor() as cursor:
            cursor.execute(import_module("grading.migrations.0011_codes_and_first_mris").AGES)

        assert dict(study.participants.values_list("code", "age_years")) == {"P1": 89, "P2": 90, "P3": None}
        changed = TrailRecord.objects.get(table="grading_participant", operation="update")
        assert (changed.before["age_years"], changed.after["age_years"]) == (97, 90)
        with rules_off():
            Study.objects.update(locked_at=None, locked_by=None)


def test_pace_that_no_file_gave_was_not_measured_and_what_a_file_gave_or_a_reader_took_was():
    study = make_study_with_reader()
    given = {"first_entry_at": "2025-01-31T10:00:00Z", "active_seconds": "0"}
    import_grades(study=study, file=as_csv([*complete_read(), *complete_read(occasion="2", **given)]))
    without, measured = Read.objects.order_by("occasion")
    assigned = make_read(study=study, reader=without.reader)
    migration = import_module("grading.migrations.0016_imported_reads")

    def seconds() -> list:
        return [Read.objects.get(pk=read.pk).active_seconds for read in (without, measured, assigned)]

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(migration.AS_ZERO)
        as_before = seconds()
        cursor.execute(migration.UNMEASURED)

    assert as_before == [0, 0, 0]
    assert seconds() == [None, 0, 0]


def test_times_that_an_earlier_version_took_in_do_not_stop_the_migration():
    name, table = "read_times_from_1990", "grading_read"
    migration = import_module("grading.migrations.0016_imported_reads")
    with constraint_off(table, name):
        make_read(opened_at=datetime(1900, 1, 1, tzinfo=UTC))
        with connection.as_owner(), connection.cursor() as cursor:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (opened_at >= '1990-01-01') NOT VALID")
            cursor.execute(migration.HELD_FOR_ALL.format(name=name))
            cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = %s", [name])
            assert cursor.fetchone() == (False,)
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")

    with connection.cursor() as cursor:
        cursor.execute("SELECT convalidated FROM pg_constraint WHERE conname = %s", [name])
        assert cursor.fetchone() == (True,)


def test_reads_that_there_were_are_counted():
    study = make_study()
    reader = make_member(study).user
    for place in (1, 1000, 1001, None):
        make_read(study=study, reader=reader, position=place)
    make_signed_off_read(study=study)

    with rules_off(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM grading_readcount")
        cursor.execute(import_module("grading.migrations.0052_counts_of_reads").FILLED)

    assert faults(study) == ""
    counts = ReadCount.objects.filter(study=study, reader=reader).order_by("block").values_list("block", "number")
    assert [(block, number) for block, number in counts if block < WITHOUT_PLACE] == [(0, 2), (1, 1)]
    assert sum(number for _, number in counts) == 4
