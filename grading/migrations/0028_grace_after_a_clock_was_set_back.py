"""A sign-off whose time lies ahead, for a clock was set back since, has no grace: nobody knows how long ago it was.

A minute is let be, as elsewhere in this rule: machines' clocks differ by a little.
"""

from django.db import migrations

_RULE = """
CREATE OR REPLACE FUNCTION grading_check_taken_back() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.kind = 'taken_back') IS DISTINCT FROM EXISTS (
        SELECT FROM grading_read WHERE id = NEW.read_id AND reader_id = NEW.reopened_by_id
    ) OR NEW.kind = 'taken_back' AND NOT EXISTS (
        SELECT FROM grading_read AS own JOIN grading_study AS study ON study.id = own.study_id
        WHERE own.id = NEW.read_id AND own.signed_off_at = NEW.signed_off_at AND own.handed_out
              AND NEW.reopened_at < own.signed_off_at + make_interval(mins => study.grace_minutes)
              {not_ahead}
              AND clock_timestamp() < NEW.reopened_at + interval '1 minute'
              AND NOT EXISTS (SELECT FROM grading_read AS again
                              WHERE again.mri_id = own.mri_id AND again.reader_id = own.reader_id
                                    AND again.occasion > own.occasion
                                    AND coalesce(again.available_at <= NEW.reopened_at, true))
    ) THEN
        RAISE EXCEPTION 'Readers take back their own sign-off, in time; others reopen.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reopening_taken_back_in_time',
                  TABLE = 'grading_reopening';
    END IF;
    RETURN NEW;
END $$;
"""
WITHIN = _RULE.format(not_ahead="AND own.signed_off_at < clock_timestamp() + interval '1 minute'")
BEFORE = _RULE.format(not_ahead="")


class Migration(migrations.Migration):

    dependencies = [("grading", "0027_letter_keys")]

    operations = [migrations.RunSQL(WITHIN, BEFORE)]
