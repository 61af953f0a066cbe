"""Corrections of participants and MRIs have a reason; and what belongs to a withdrawn participant is entered no more.

Filling a value that was empty corrects nothing, so it needs no reason. Reads that a file brings in are history, also of
those who have withdrawn since: the rule is about reads that the site handed out.
"""

import django.db.models.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CORRECTED = """
CREATE FUNCTION grading_check_correction() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF btrim(coalesce(current_setting('thighsite.reason', true), '')) = '' THEN
        RAISE EXCEPTION 'A correction of a participant or an MRI has a reason, which the trail keeps.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'correction_has_a_reason', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER participant_corrected_with_a_reason AFTER UPDATE ON grading_participant FOR EACH ROW WHEN (
    OLD.code <> NEW.code OR OLD.group_id <> NEW.group_id OR OLD.study_id <> NEW.study_id
    OR (OLD.sex <> '' AND OLD.sex <> NEW.sex)
    OR (OLD.autoantibody <> '' AND OLD.autoantibody <> NEW.autoantibody)
    OR (OLD.age_years IS NOT NULL AND OLD.age_years IS DISTINCT FROM NEW.age_years)
    OR (OLD.ck_u_per_l IS NOT NULL AND OLD.ck_u_per_l IS DISTINCT FROM NEW.ck_u_per_l)
    OR (OLD.disease_duration_months IS NOT NULL
        AND OLD.disease_duration_months IS DISTINCT FROM NEW.disease_duration_months)
    OR (OLD.withdrawn_at, OLD.withdrawn_by_id) IS DISTINCT FROM (NEW.withdrawn_at, NEW.withdrawn_by_id)
) EXECUTE FUNCTION grading_check_correction();
CREATE TRIGGER participant_deleted_with_a_reason AFTER DELETE ON grading_participant
    FOR EACH ROW EXECUTE FUNCTION grading_check_correction();
CREATE TRIGGER mri_corrected_with_a_reason AFTER UPDATE ON grading_mri FOR EACH ROW WHEN (
    OLD.code <> NEW.code OR OLD.participant_id <> NEW.participant_id OR OLD.study_id <> NEW.study_id
    OR (OLD.scan_year IS NOT NULL AND OLD.scan_year IS DISTINCT FROM NEW.scan_year)
    OR (OLD.days_since_first_mri IS NOT NULL
        AND OLD.days_since_first_mri IS DISTINCT FROM NEW.days_since_first_mri)
) EXECUTE FUNCTION grading_check_correction();
CREATE TRIGGER mri_deleted_with_a_reason AFTER DELETE ON grading_mri
    FOR EACH ROW EXECUTE FUNCTION grading_check_correction();
"""
NOT_CORRECTED = """
DROP TRIGGER mri_deleted_with_a_reason ON grading_mri;
DROP TRIGGER mri_corrected_with_a_reason ON grading_mri;
DROP TRIGGER participant_deleted_with_a_reason ON grading_participant;
DROP TRIGGER participant_corrected_with_a_reason ON grading_participant;
DROP FUNCTION grading_check_correction();
"""

# Who withdraws a participant first takes the row locks of their reads, as whoever saves or signs does: what was on its
# way is stored before, and what comes later finds the participant withdrawn.
WITHDRAWN = """
CREATE FUNCTION grading_wait_for_reads() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    PERFORM FROM grading_read WHERE mri_id IN (SELECT id FROM grading_mri WHERE participant_id = NEW.id)
        ORDER BY id FOR UPDATE;
    RETURN NEW;
END $$;
CREATE TRIGGER participant_withdraws_after_saves BEFORE UPDATE OF withdrawn_at ON grading_participant
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL)
    EXECUTE FUNCTION grading_wait_for_reads();

CREATE FUNCTION grading_check_taking_part() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_mri JOIN grading_participant ON grading_participant.id = grading_mri.participant_id
               WHERE grading_mri.id = NEW.mri_id AND withdrawn_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The participant has withdrawn: their reads stay as they are.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_of_who_takes_part', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER read_of_who_takes_part AFTER INSERT ON grading_read
    FOR EACH ROW WHEN (NEW.handed_out) EXECUTE FUNCTION grading_check_taking_part();
CREATE TRIGGER read_status_of_who_takes_part AFTER UPDATE OF status ON grading_read
    FOR EACH ROW WHEN (NEW.handed_out AND OLD.status <> NEW.status) EXECUTE FUNCTION grading_check_taking_part();

-- Grades may go with a read that is deleted, which has a reason.
CREATE FUNCTION grading_check_grades_of_taking_part() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND btrim(coalesce(current_setting('thighsite.reason', true), '')) <> '' THEN
        RETURN NULL;
    END IF;
    IF EXISTS (SELECT FROM grading_read
               JOIN grading_mri ON grading_mri.id = grading_read.mri_id
               JOIN grading_participant ON grading_participant.id = grading_mri.participant_id
               WHERE grading_read.id IN (SELECT read_id FROM changed) AND handed_out AND withdrawn_at IS NOT NULL) THEN
        RAISE EXCEPTION 'The participant has withdrawn: their reads stay as they are.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'grade_of_who_takes_part', TABLE = 'grading_grade';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER grade_of_who_takes_part_inserted AFTER INSERT ON grading_grade
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades_of_taking_part();
CREATE TRIGGER grade_of_who_takes_part_updated AFTER UPDATE ON grading_grade
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades_of_taking_part();
CREATE TRIGGER grade_of_who_takes_part_deleted AFTER DELETE ON grading_grade
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION grading_check_grades_of_taking_part();
"""
NOT_WITHDRAWN = """
DROP TRIGGER grade_of_who_takes_part_deleted ON grading_grade;
DROP TRIGGER grade_of_who_takes_part_updated ON grading_grade;
DROP TRIGGER grade_of_who_takes_part_inserted ON grading_grade;
DROP FUNCTION grading_check_grades_of_taking_part();
DROP TRIGGER read_status_of_who_takes_part ON grading_read;
DROP TRIGGER read_of_who_takes_part ON grading_read;
DROP FUNCTION grading_check_taking_part();
DROP TRIGGER participant_withdraws_after_saves ON grading_participant;
DROP FUNCTION grading_wait_for_reads();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0013_taken_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='participant',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, editable=False, help_text='When the participant withdrew, as far as the site knows.', null=True),
        ),
        migrations.AddField(
            model_name='participant',
            name='withdrawn_by',
            field=models.ForeignKey(blank=True, editable=False, help_text='Who noted it. Nobody where a file did.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='participant',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_by', None), ('withdrawn_at__isnull', False), _connector='OR'), name='participant_withdrawal_has_a_time'),
        ),
        migrations.RemoveConstraint(
            model_name='mri',
            name='mri_code_per_participant',
        ),
        migrations.AddConstraint(
            model_name='mri',
            constraint=models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], fields=('participant', 'code'), name='mri_code_per_participant'),
        ),
        migrations.RunSQL(CORRECTED, NOT_CORRECTED),
        migrations.RunSQL(WITHDRAWN, NOT_WITHDRAWN),
    ]
