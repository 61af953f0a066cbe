"""A reader takes back their own sign-off within the study's grace; a coordinator reopens, and may show why.

Both are reopenings, by which alone a signed-off read goes back to draft (migration 0004).
"""

import django.core.validators
from django.db import migrations, models

# A reopening is its reader's own, or it is not. Of the reader's own, the time that the application names is held to
# the grace, and to the database's clock within a minute: the two run on machines of their own. A re-read that has come
# up shall not be read beside the grades of the first.
IN_TIME = """
CREATE FUNCTION grading_check_taken_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.kind = 'taken_back') IS DISTINCT FROM EXISTS (
        SELECT FROM grading_read WHERE id = NEW.read_id AND reader_id = NEW.reopened_by_id
    ) OR NEW.kind = 'taken_back' AND NOT EXISTS (
        SELECT FROM grading_read AS own JOIN grading_study AS study ON study.id = own.study_id
        WHERE own.id = NEW.read_id AND own.signed_off_at = NEW.signed_off_at AND own.handed_out
              AND NEW.reopened_at < own.signed_off_at + make_interval(mins => study.grace_minutes)
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
CREATE TRIGGER reopening_taken_back_in_time BEFORE INSERT ON grading_reopening
    FOR EACH ROW EXECUTE FUNCTION grading_check_taken_back();
"""
NOT_IN_TIME = """
DROP TRIGGER reopening_taken_back_in_time ON grading_reopening;
DROP FUNCTION grading_check_taken_back();
"""

# Of a database that was migrated back, the trail tells what a reopening was. `migrate` notes the columns' values.
FILLED = """
ALTER TABLE grading_reopening DISABLE TRIGGER USER;
UPDATE grading_reopening AS own
SET kind = told.after->>'kind', reason_for_reader = coalesce((told.after->>'reason_for_reader')::boolean, false)
FROM grading_trail AS told
WHERE told.table_name = 'grading_reopening' AND told.operation = 'insert' AND told.key = own.id::text
      AND told.after ? 'kind';
ALTER TABLE grading_reopening ENABLE TRIGGER USER;
"""
FORGOTTEN = """
DELETE FROM trail_column WHERE table_name = 'grading_study' AND column_name = 'grace_minutes'
    OR table_name = 'grading_reopening' AND column_name IN ('kind', 'reason_for_reader');
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0024_blind_codes')]

    operations = [
        migrations.AddField(
            model_name='study',
            name='grace_minutes',
            field=models.PositiveSmallIntegerField(db_default=5, default=5, validators=[django.core.validators.MaxValueValidator(60)], help_text='Up to 60; 0: a coordinator reopens. Each is recorded as a reopening is.', verbose_name='minutes in which readers take back their own sign-off'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('grace_minutes__lte', 60)), name='study_grace_minutes'),
        ),
        migrations.AddField(
            model_name='reopening',
            name='kind',
            field=models.CharField(choices=[('reopened', 'reopened'), ('taken_back', 'taken back by its reader')], db_default='reopened', default='reopened', max_length=10),
        ),
        migrations.AddField(
            model_name='reopening',
            name='reason_for_reader',
            field=models.BooleanField(db_default=False, default=False, help_text="The read's reader is told the reason.", verbose_name='reason shown to the reader'),
        ),
        migrations.AddConstraint(
            model_name='reopening',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['reopened', 'taken_back'])), name='reopening_kind'),
        ),
        migrations.RunSQL(FILLED, FORGOTTEN),
        migrations.RunSQL(IN_TIME, NOT_IN_TIME),
    ]
