"""Who asked for a study to be unlocked can take the request back, as long as nobody has confirmed it. It stays on record."""

from importlib import import_module

from django.db import migrations, models

_BEFORE = import_module('grading.migrations.0013_taken_back').UNLOCKED
_FUNCTION = _BEFORE[_BEFORE.index('CREATE FUNCTION grading_check_unlock') : _BEFORE.index('CREATE TRIGGER unlock_by')]
_FUNCTION = _FUNCTION.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION')

CONFIRMED_OR_TAKEN_BACK = """
CREATE OR REPLACE FUNCTION grading_check_unlock() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting int := nullif(current_setting('thighsite.actor', true), '');
    asked int := NEW.asked_by_id;
    confirmed int := NEW.confirmed_by_id;
    is_right boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        is_right := confirmed IS NULL AND NEW.taken_back_at IS NULL AND asked = acting
            AND (grading_is_site_admin(asked) OR grading_sees_groups(NEW.study_id, asked))
            AND EXISTS (SELECT FROM grading_study WHERE id = NEW.study_id AND locked_at = NEW.locked_at);
    ELSIF (OLD.id, OLD.study_id, OLD.locked_at, OLD.reason, OLD.asked_at, OLD.asked_by_id)
          <> (NEW.id, NEW.study_id, NEW.locked_at, NEW.reason, NEW.asked_at, NEW.asked_by_id)
          OR num_nonnulls(OLD.confirmed_by_id, OLD.taken_back_at) > 0 THEN
        is_right := false;
    ELSIF NEW.taken_back_at IS NOT NULL THEN
        is_right := confirmed IS NULL AND asked = acting;
    ELSE
        is_right := confirmed = acting AND confirmed <> asked
            AND (grading_is_site_admin(asked) AND grading_sees_groups(NEW.study_id, confirmed)
                 OR grading_is_site_admin(confirmed) AND grading_sees_groups(NEW.study_id, asked));
    END IF;
    IF is_right IS NOT TRUE THEN
        RAISE EXCEPTION 'A site admin and a coordinator or investigator of the study unlock it: one asks, the other '
                        'confirms, and what they did is kept.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unlock_by_two_people', TABLE = 'grading_unlock';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0018_imported_reads_taken_back')]

    operations = [
        migrations.AddField(
            model_name='unlock',
            name='taken_back_at',
            field=models.DateTimeField(blank=True, help_text='When whoever asked took the request back.', null=True),
        ),
        migrations.RunSQL(CONFIRMED_OR_TAKEN_BACK, _FUNCTION),
    ]
