"""What files bring in: complete when it is signed off, corrected with a reason, at times that can be, and with pace only if
it was measured.

A correction takes an imported read's sign-off away and gives it back within one transaction, so that PostgreSQL makes its
signature anew and the trail holds both states with the reason. The read stays imported. What its reader has had in hand
is opened again by a reopening alone.
"""

import datetime

from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

CORRECTED = """
CREATE OR REPLACE FUNCTION grading_hand_out() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.imported_at IS DISTINCT FROM OLD.imported_at THEN
        RAISE EXCEPTION 'Whether and when a file brought a read in is settled when the read is made.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_import_is_settled', TABLE = 'grading_read';
    END IF;
    NEW.handed_out := OLD.handed_out OR NEW.handed_out
        OR NEW.last_active_at IS DISTINCT FROM OLD.last_active_at
        OR (OLD.status = 'signed_off' AND NEW.status <> 'signed_off'
            AND EXISTS (SELECT FROM grading_reopening WHERE read_id = OLD.id AND signed_off_at = OLD.signed_off_at));
    RETURN NEW;
END $$;
CREATE OR REPLACE FUNCTION grading_check_reopening() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.handed_out OR NOT grading_reason_given())
       AND NOT EXISTS (SELECT FROM grading_reopening
                       WHERE read_id = OLD.id AND signed_off_at = OLD.signed_off_at) THEN
        RAISE EXCEPTION 'A signed-off read is reopened with a reason, which is recorded.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_reopened_with_a_reason', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION grading_check_corrected() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM grading_read WHERE id = NEW.id AND status = 'signed_off' AND NOT handed_out) THEN
        RAISE EXCEPTION 'An imported read that is corrected is signed off again at once, and stays imported.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_corrected_is_signed_again', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER read_corrected_is_signed_again AFTER UPDATE ON grading_read
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (OLD.status = 'signed_off' AND NEW.status <> 'signed_off' AND NOT NEW.handed_out)
    EXECUTE FUNCTION grading_check_corrected();
"""
NOT_CORRECTED = """
DROP TRIGGER read_corrected_is_signed_again ON grading_read;
DROP FUNCTION grading_check_corrected();
CREATE OR REPLACE FUNCTION grading_check_reopening() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM grading_reopening
                   WHERE read_id = OLD.id AND signed_off_at = OLD.signed_off_at) THEN
        RAISE EXCEPTION 'A signed-off read is reopened with a reason, which is recorded.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_reopened_with_a_reason', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION grading_hand_out() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.imported_at IS DISTINCT FROM OLD.imported_at THEN
        RAISE EXCEPTION 'Whether and when a file brought a read in is settled when the read is made.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_import_is_settled', TABLE = 'grading_read';
    END IF;
    NEW.handed_out := OLD.handed_out OR NEW.handed_out
        OR NEW.last_active_at IS DISTINCT FROM OLD.last_active_at
        OR (OLD.status = 'signed_off' AND NEW.status <> 'signed_off');
    RETURN NEW;
END $$;
"""

# Asked when a read is signed off, so what was frozen half empty before stays as it is until it is opened or corrected.
COMPLETE = """
CREATE FUNCTION grading_check_complete() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(*) FROM grading_grade WHERE read_id = NEW.id)
       < (SELECT CASE sides WHEN 'together' THEN 11 ELSE 22 END FROM grading_study WHERE id = NEW.study_id) THEN
        RAISE EXCEPTION 'A read is signed off when every muscle is graded or not assessable.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_signed_off_is_complete', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER read_made_signed_off_is_complete AFTER INSERT ON grading_read
    FOR EACH ROW WHEN (NEW.status = 'signed_off') EXECUTE FUNCTION grading_check_complete();
CREATE TRIGGER read_signed_off_is_complete AFTER UPDATE OF status ON grading_read
    FOR EACH ROW WHEN (OLD.status <> 'signed_off' AND NEW.status = 'signed_off')
    EXECUTE FUNCTION grading_check_complete();
"""
NOT_COMPLETE = """
DROP TRIGGER read_signed_off_is_complete ON grading_read;
DROP TRIGGER read_made_signed_off_is_complete ON grading_read;
DROP FUNCTION grading_check_complete();
"""

# A file that gave no pace left 0 behind: nothing had been entered here, so nothing was measured.
UNMEASURED = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
UPDATE grading_read SET active_seconds = NULL
WHERE imported_at IS NOT NULL AND active_seconds = 0 AND first_entry_at IS NULL;
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
"""
AS_ZERO = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
UPDATE grading_read SET active_seconds = 0 WHERE active_seconds IS NULL;
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
"""

EARLIEST = datetime.datetime(1990, 1, 1, tzinfo=datetime.timezone.utc)
FROM_1990 = models.CheckConstraint(
    condition=~(models.Q(opened_at__lt=EARLIEST) | models.Q(first_entry_at__lt=EARLIEST)
                | models.Q(last_entry_at__lt=EARLIEST) | models.Q(signed_off_at__lt=EARLIEST)),
    name='read_times_from_1990',
)
IN_ORDER = models.CheckConstraint(
    condition=~(models.Q(signed_off_at__lt=models.F('opened_at'))
                | models.Q(last_entry_at__lt=models.F('first_entry_at'))),
    name='read_times_in_order',
)
# What an earlier version took in may break the rule, and stays as it is.
HELD_FOR_ALL = """
DO $$ BEGIN
    ALTER TABLE grading_read VALIDATE CONSTRAINT {name};
EXCEPTION WHEN check_violation THEN NULL;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0015_chain_and_seals')]

    operations = [
        migrations.AlterField(
            model_name='read',
            name='active_seconds',
            field=models.FloatField(blank=True, default=0, help_text='Reading time: pauses of over two minutes left out. Empty: unmeasured.', null=True),
        ),
        migrations.AlterField(
            model_name='read',
            name='sign_off_meaning',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.RunSQL(UNMEASURED, AS_ZERO),
        AddConstraintNotValid('read', FROM_1990),
        AddConstraintNotValid('read', IN_ORDER),
        migrations.RunSQL(HELD_FOR_ALL.format(name='read_times_from_1990'), migrations.RunSQL.noop),
        migrations.RunSQL(HELD_FOR_ALL.format(name='read_times_in_order'), migrations.RunSQL.noop),
        migrations.RunSQL(CORRECTED, NOT_CORRECTED),
        migrations.RunSQL(COMPLETE, NOT_COMPLETE),
    ]
