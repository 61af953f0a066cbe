"""Changes are noted by the database, whoever makes them; and a locked study takes none.

A change is a row per study and transaction, so triggers look at single rows and may fire often. What a save of a grade
touches fires none of them: only a read's status does.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

NOTED = """
CREATE FUNCTION grading_note_change(studies uuid[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO grading_studychange (study_id, transaction)
    SELECT study_id, pg_current_xact_id()::text::bigint FROM unnest(studies) AS study_id
    ON CONFLICT DO NOTHING;
$$;
CREATE FUNCTION grading_note_change_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grading_note_change(ARRAY[CASE TG_OP WHEN 'DELETE' THEN OLD.study_id ELSE NEW.study_id END]);
    RETURN NULL;
END $$;
CREATE TRIGGER read_changes AFTER INSERT OR DELETE ON grading_read
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();
CREATE TRIGGER read_changes_status AFTER UPDATE OF status ON grading_read
    FOR EACH ROW WHEN (OLD.status <> NEW.status AND 'signed_off' IN (OLD.status, NEW.status))
    EXECUTE FUNCTION grading_note_change_of_row();
CREATE TRIGGER participant_changes AFTER INSERT OR DELETE OR UPDATE ON grading_participant
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();
CREATE TRIGGER mri_changes AFTER INSERT OR DELETE OR UPDATE ON grading_mri
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();
CREATE TRIGGER group_changes AFTER INSERT OR DELETE OR UPDATE ON grading_diagnosisgroup
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();

CREATE FUNCTION grading_note_change_of_study() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM grading_note_change(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER study_changes AFTER UPDATE ON grading_study
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION grading_note_change_of_study();

-- A reader's name stands in the frame. Compared in the function, for a trigger that names a column of Django's own
-- table would stand in the way of Django's migrations.
CREATE FUNCTION grading_note_change_of_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.username <> NEW.username THEN
        PERFORM grading_note_change(ARRAY(SELECT study_id FROM grading_member WHERE user_id = NEW.id));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER user_changes_name AFTER UPDATE ON auth_user
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_name();
"""
NOT_NOTED = """
DROP TRIGGER user_changes_name ON auth_user;
DROP FUNCTION grading_note_change_of_name();
DROP TRIGGER study_changes ON grading_study;
DROP FUNCTION grading_note_change_of_study();
DROP TRIGGER group_changes ON grading_diagnosisgroup;
DROP TRIGGER mri_changes ON grading_mri;
DROP TRIGGER participant_changes ON grading_participant;
DROP TRIGGER read_changes_status ON grading_read;
DROP TRIGGER read_changes ON grading_read;
DROP FUNCTION grading_note_change_of_row();
DROP FUNCTION grading_note_change(uuid[]);
"""

# Whoever locks a study takes its row first and then all its reads, as an import does. So a grade, a sign-off and a
# reopening, which hold their read, need not lock the study as well (every save would queue for it); whatever adds or
# removes rows takes the study's row FOR SHARE.
LOCKED = """
CREATE FUNCTION grading_refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The study is locked: entry has ended.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'study_is_not_locked', TABLE = TG_TABLE_NAME;
END $$;
CREATE FUNCTION grading_check_not_locked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.study_id ELSE NEW.study_id END;
    ended timestamptz;
BEGIN
    IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'grading_read' THEN
        SELECT locked_at INTO ended FROM grading_study WHERE id = own;
    ELSE
        SELECT locked_at INTO ended FROM grading_study WHERE id = own FOR SHARE;
    END IF;
    IF ended IS NOT NULL THEN
        RAISE EXCEPTION 'The study is locked: entry has ended.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'study_is_not_locked', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER participant_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_participant
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
CREATE TRIGGER mri_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_mri
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
CREATE TRIGGER group_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_diagnosisgroup
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
CREATE TRIGGER read_not_locked BEFORE INSERT OR DELETE OR UPDATE OF status, feature, sequence, comment ON grading_read
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
CREATE TRIGGER study_stays_locked BEFORE UPDATE OF locked_at, locked_by_id, sides ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND (OLD.locked_at, OLD.locked_by_id, OLD.sides)
                       IS DISTINCT FROM (NEW.locked_at, NEW.locked_by_id, NEW.sides))
    EXECUTE FUNCTION grading_refuse_locked();
CREATE TRIGGER study_locked_is_kept BEFORE DELETE ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL) EXECUTE FUNCTION grading_refuse_locked();

CREATE FUNCTION grading_check_grades_not_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_read JOIN grading_study ON grading_study.id = grading_read.study_id
               WHERE grading_read.id IN (SELECT read_id FROM changed) AND locked_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The study is locked: entry has ended.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'study_is_not_locked', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grade_not_locked_inserted AFTER INSERT ON grading_grade
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades_not_locked();
CREATE TRIGGER grade_not_locked_updated AFTER UPDATE ON grading_grade
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades_not_locked();
CREATE TRIGGER grade_not_locked_deleted AFTER DELETE ON grading_grade
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades_not_locked();
"""
NOT_LOCKED = """
DROP TRIGGER grade_not_locked_deleted ON grading_grade;
DROP TRIGGER grade_not_locked_updated ON grading_grade;
DROP TRIGGER grade_not_locked_inserted ON grading_grade;
DROP FUNCTION grading_check_grades_not_locked();
DROP TRIGGER study_locked_is_kept ON grading_study;
DROP TRIGGER study_stays_locked ON grading_study;
DROP TRIGGER read_not_locked ON grading_read;
DROP TRIGGER group_not_locked ON grading_diagnosisgroup;
DROP TRIGGER mri_not_locked ON grading_mri;
DROP TRIGGER participant_not_locked ON grading_participant;
DROP FUNCTION grading_check_not_locked();
DROP FUNCTION grading_refuse_locked();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0004_reopening_is_recorded'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='StudyChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('transaction', models.BigIntegerField()),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.AddField(
            model_name='study',
            name='hides_comparison',
            field=models.BooleanField(default=False, help_text='Investigators then see progress and agreement only.', verbose_name='hide the comparison until the study is locked'),
        ),
        migrations.AddField(
            model_name='study',
            name='locked_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When entry ended, for good.', null=True),
        ),
        migrations.AddField(
            model_name='study',
            name='locked_by',
            field=models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('locked_at', None), ('locked_by', None)), models.Q(('locked_at__isnull', False), ('locked_by__isnull', False)), _connector='OR'), name='study_lock_is_whole'),
        ),
        migrations.AddField(
            model_name='studychange',
            name='study',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='grading.study'),
        ),
        migrations.AddConstraint(
            model_name='studychange',
            constraint=models.UniqueConstraint(fields=('study', 'transaction', 'at'), name='change_once_per_transaction'),
        ),
        migrations.RunSQL(NOTED, NOT_NOTED),
        migrations.RunSQL(LOCKED, NOT_LOCKED),
    ]
