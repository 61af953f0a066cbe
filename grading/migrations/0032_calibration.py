"""Readers calibrate before they read: reference grades, how near readers come to them, and whom the study admits.

What is never to happen is held here: a calibration case takes part in no comparison and goes back to no draft, and no
case of the study's own is opened before its reader is admitted.
"""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

# What a reader met grows with each case: sums over the cases until then, as whole numbers, so that no variance is
# exactly 0. Of n pairs (x reader, y reference), with A = n Σx² - (Σx)², B of y, C = n Σxy - Σx Σy, D = (Σx - Σy)²:
# ICC(2,1) = 2 n C / (n (A + B) + (n - 1) D - (A + B - 2 C)) (Shrout and Fleiss 1979, two raters), and Cohen's kappa
# with quadratic weights = 1 - n Σ(x - y)² / (n Σx² + n Σy² - 2 Σx Σy) (Cohen 1968).
# Rows of one read are peers of the window, so that each has the sums after its read.
AGREEMENT = """
CREATE FUNCTION grading_running_agreement(of_study uuid, of_reader int) RETURNS TABLE (
    reader_id int, feature text, read_id uuid, signed_off_at timestamptz, cases bigint, pairs bigint,
    icc float8, kappa float8, exact float8
) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH cell AS (
        SELECT own.reader_id, own.feature, own.id, own.signed_off_at,
               CASE WHEN reference.score IS NOT NULL THEN grade.score END::bigint AS x,
               CASE WHEN grade.score IS NOT NULL THEN reference.score END::bigint AS y
        FROM grading_read AS own
        JOIN grading_referencegrade AS reference ON reference.mri_id = own.mri_id AND reference.feature = own.feature
        LEFT JOIN grading_grade AS grade ON grade.read_id = own.id AND grade.muscle = reference.muscle
                                            AND grade.side = reference.side
        WHERE own.study_id = of_study AND (of_reader IS NULL OR own.reader_id = of_reader)
              AND own.signed_off_at IS NOT NULL AND own.handed_out AND own.occasion = 1
    ), summed AS (
        SELECT DISTINCT cell.reader_id, cell.feature, cell.id, cell.signed_off_at, dense_rank() OVER until AS cases,
               count(x) OVER until AS n, sum(x) OVER until AS x, sum(y) OVER until AS y,
               sum(x * x) OVER until AS xx, sum(y * y) OVER until AS yy, sum(x * y) OVER until AS xy,
               count(*) FILTER (WHERE x = y) OVER until AS equal
        FROM cell
        WINDOW until AS (PARTITION BY cell.reader_id, cell.feature ORDER BY cell.signed_off_at, cell.id)
    ), products AS (
        SELECT *, n * xx - x * x + n * yy - y * y AS ab, n * xy - x * y AS c, (x - y) * (x - y) AS d FROM summed
    )
    SELECT products.reader_id, products.feature, id, products.signed_off_at, products.cases, n,
           (2 * n * c / nullif(n * ab + (n - 1) * d - (ab - 2 * c), 0))::float8,
           (1 - n * (xx + yy - 2 * xy) / nullif(n * xx + n * yy - 2 * x * y, 0))::float8,
           equal::float8 / nullif(n, 0)
    FROM products ORDER BY 1, 2, 4, 3
$$;

-- For each feature that the reader has calibration cases of.
CREATE FUNCTION grading_meets_target(of_study uuid, of_reader int) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH given AS (
        SELECT DISTINCT reference.feature FROM grading_read AS own
        JOIN grading_referencegrade AS reference ON reference.mri_id = own.mri_id
                                                    AND reference.feature = own.assigned_for
        WHERE own.study_id = of_study AND own.reader_id = of_reader AND own.occasion = 1
    ), last AS (
        SELECT DISTINCT ON (feature) feature, cases, icc FROM grading_running_agreement(of_study, of_reader)
        ORDER BY feature, cases DESC
    )
    SELECT coalesce(bool_and(coalesce(last.cases >= study.calibration_cases AND last.icc >= study.calibration_icc,
                                      false)), false)
    FROM given CROSS JOIN grading_study AS study LEFT JOIN last USING (feature)
    WHERE study.id = of_study
$$;
"""
NO_AGREEMENT = """
DROP FUNCTION grading_meets_target(uuid, int);
DROP FUNCTION grading_running_agreement(uuid, int);
"""

RULES = """
ALTER TABLE grading_referencegrade ADD CONSTRAINT reference_mri_of_its_study
    FOREIGN KEY (study_id, mri_id) REFERENCES grading_mri (study_id, id);

CREATE FUNCTION grading_refuse(rule text, words text, of_table text) RETURNS void LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '%', words USING ERRCODE = 'check_violation', CONSTRAINT = rule, TABLE = of_table;
END $$;

-- Reference grades are of calibration cases, stay as they are, and stay at all once somebody was compared with them.
CREATE FUNCTION grading_check_reference() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        PERFORM grading_refuse('reference_stays', 'A reference grade stays as it is.', TG_TABLE_NAME);
    ELSIF TG_OP = 'INSERT' THEN
        PERFORM FROM grading_participant AS own JOIN grading_mri AS mri ON mri.participant_id = own.id
            WHERE mri.id = NEW.mri_id AND own.is_calibration FOR SHARE OF own;
        IF NOT FOUND THEN
            PERFORM grading_refuse('reference_of_a_calibration_case',
                                   'Reference grades are of participants for calibration.', TG_TABLE_NAME);
        END IF;
    ELSIF EXISTS (SELECT FROM grading_read WHERE mri_id = OLD.mri_id AND signed_off_at IS NOT NULL) THEN
        PERFORM grading_refuse('reference_stays', 'Somebody was compared with this reference grade.', TG_TABLE_NAME);
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER reference_stays BEFORE INSERT OR UPDATE OR DELETE ON grading_referencegrade
    FOR EACH ROW EXECUTE FUNCTION grading_check_reference();
CREATE TRIGGER reference_deleted_with_a_reason BEFORE DELETE ON grading_referencegrade
    FOR EACH ROW EXECUTE FUNCTION grading_need_reason('reference_deleted_with_a_reason');
CREATE TRIGGER reference_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_referencegrade
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();

-- What is read for the comparison never becomes calibration, nor the reverse.
CREATE FUNCTION grading_check_calibration() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_mri AS mri WHERE mri.participant_id = NEW.id AND (
                   EXISTS (SELECT FROM grading_read WHERE mri_id = mri.id)
                   OR EXISTS (SELECT FROM grading_referencegrade WHERE mri_id = mri.id))) THEN
        PERFORM grading_refuse('participant_stays_for_calibration_or_not',
                               'A participant with reads or reference grades stays for calibration, or not.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER participant_stays_for_calibration_or_not BEFORE UPDATE OF is_calibration ON grading_participant
    FOR EACH ROW WHEN (OLD.is_calibration <> NEW.is_calibration) EXECUTE FUNCTION grading_check_calibration();
CREATE FUNCTION grading_check_mri_moved() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (SELECT count(DISTINCT is_calibration) FROM grading_participant
        WHERE id IN (OLD.participant_id, NEW.participant_id)) > 1 THEN
        PERFORM grading_refuse('mri_stays_for_calibration_or_not',
                               'An MRI for calibration stays with participants for calibration.', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mri_stays_for_calibration_or_not BEFORE UPDATE OF participant_id ON grading_mri
    FOR EACH ROW WHEN (OLD.participant_id <> NEW.participant_id) EXECUTE FUNCTION grading_check_mri_moved();

-- Who has seen the reference does not grade the case again.
CREATE FUNCTION grading_check_reopened() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_read AS own JOIN grading_mri AS mri ON mri.id = own.mri_id
               JOIN grading_participant AS participant ON participant.id = mri.participant_id
               WHERE own.id = NEW.read_id AND participant.is_calibration) THEN
        PERFORM grading_refuse('reopening_of_no_calibration_case',
                               'Its reader has seen the reference: a calibration case stays signed off.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reopening_of_no_calibration_case BEFORE INSERT ON grading_reopening
    FOR EACH ROW EXECUTE FUNCTION grading_check_reopened();

-- Where readers calibrate first, nobody begins or signs a case of the study's own before they are admitted.
CREATE FUNCTION grading_check_admitted() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_study WHERE id = NEW.study_id AND calibration_cases IS NOT NULL)
       AND NOT EXISTS (SELECT FROM grading_admission WHERE study_id = NEW.study_id AND user_id = NEW.reader_id)
       AND NOT EXISTS (SELECT FROM grading_mri AS mri
                       JOIN grading_participant AS participant ON participant.id = mri.participant_id
                       WHERE mri.id = NEW.mri_id AND participant.is_calibration) THEN
        PERFORM grading_refuse('read_after_calibration',
                               'Its reader calibrates first: the case is not open to them yet.', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER read_after_calibration BEFORE UPDATE OF opened_at, first_entry_at, status ON grading_read
    FOR EACH ROW WHEN (NEW.handed_out AND (
        OLD.opened_at IS NULL AND NEW.opened_at IS NOT NULL
        OR OLD.first_entry_at IS NULL AND NEW.first_entry_at IS NOT NULL
        OR OLD.status = 'assigned' AND NEW.status <> 'assigned'
        OR OLD.status <> 'signed_off' AND NEW.status = 'signed_off'))
    EXECUTE FUNCTION grading_check_admitted();

-- Readers are admitted who meet the target, or whom a coordinator lets in; for good.
CREATE FUNCTION grading_check_admission() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting int := nullif(current_setting('thighsite.actor', true), '');
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('admission_is_kept', 'Who was admitted stays so.', TG_TABLE_NAME);
    ELSIF NEW.by_id IS NULL AND NOT grading_meets_target(NEW.study_id, NEW.user_id) THEN
        PERFORM grading_refuse('admission_meets_the_target', 'The reader does not meet the target.', TG_TABLE_NAME);
    ELSIF NEW.by_id IS NOT NULL AND (acting <> NEW.by_id OR NOT EXISTS (
              SELECT FROM grading_member WHERE study_id = NEW.study_id AND user_id = NEW.by_id
                                               AND role = 'coordinator' AND suspended_at IS NULL)) THEN
        PERFORM grading_refuse('admission_by_a_coordinator',
                               'A coordinator of the study lets a reader in, and nobody for them.', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER admission_is_kept BEFORE INSERT OR UPDATE OR DELETE ON grading_admission
    FOR EACH ROW EXECUTE FUNCTION grading_check_admission();
"""
NO_RULES = """
DROP TRIGGER admission_is_kept ON grading_admission;
DROP FUNCTION grading_check_admission();
DROP TRIGGER read_after_calibration ON grading_read;
DROP FUNCTION grading_check_admitted();
DROP TRIGGER reopening_of_no_calibration_case ON grading_reopening;
DROP FUNCTION grading_check_reopened();
DROP TRIGGER mri_stays_for_calibration_or_not ON grading_mri;
DROP FUNCTION grading_check_mri_moved();
DROP TRIGGER participant_stays_for_calibration_or_not ON grading_participant;
DROP FUNCTION grading_check_calibration();
DROP TRIGGER reference_not_locked ON grading_referencegrade;
DROP TRIGGER reference_deleted_with_a_reason ON grading_referencegrade;
DROP TRIGGER reference_stays ON grading_referencegrade;
DROP FUNCTION grading_check_reference();
DROP FUNCTION grading_refuse(text, text, text);
ALTER TABLE grading_referencegrade DROP CONSTRAINT reference_mri_of_its_study;
"""
FORGOTTEN = """
DELETE FROM trail_column WHERE table_name = 'grading_study' AND column_name IN ('calibration_cases', 'calibration_icc')
    OR table_name = 'grading_participant' AND column_name = 'is_calibration';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', "0031_notes_on_stacks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
            options={
                'ordering': ('study', 'at'),
            },
        ),
        migrations.CreateModel(
            name='ReferenceGrade',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('feature', models.CharField(choices=[('edema', 'edema'), ('fat', 'fatty infiltration')], max_length=5)),
                ('muscle', models.CharField(max_length=4)),
                ('side', models.CharField(max_length=5)),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('not_assessable', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ('study', 'mri', 'feature'),
            },
        ),
        migrations.AddField(
            model_name='participant',
            name='is_calibration',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Readers calibrate with the participant’s MRIs, which are in no comparison.', verbose_name='for calibration'),
        ),
        migrations.AddField(
            model_name='study',
            name='calibration_cases',
            field=models.PositiveSmallIntegerField(blank=True, help_text='For each feature, before the study’s own cases open. Empty: readers need not calibrate.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000)], verbose_name='calibration cases that a reader signs off at least'),
        ),
        migrations.AddField(
            model_name='study',
            name='calibration_icc',
            field=models.FloatField(db_default=0.8, default=0.8, help_text='From 0 to 1, over all of a reader’s calibration cases together.', validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='least ICC(2,1) against the reference'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('calibration_cases', None), models.Q(('calibration_cases__gte', 1), ('calibration_cases__lte', 1000)), _connector='OR'), name='study_calibration_cases'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('calibration_icc__gte', 0), ('calibration_icc__lte', 1)), name='study_calibration_icc'),
        ),
        migrations.AddField(
            model_name='admission',
            name='by',
            field=models.ForeignKey(help_text='Nobody where the target was met.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='admission',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to='grading.study'),
        ),
        migrations.AddField(
            model_name='admission',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='admissions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='referencegrade',
            name='mri',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reference_grades', to='grading.mri', verbose_name='MRI'),
        ),
        migrations.AddField(
            model_name='referencegrade',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reference_grades', to='grading.study'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.UniqueConstraint(fields=('study', 'user'), name='admission_once_per_reader'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('by', None), ('reason', '')), models.Q(('by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='admission_by_target_or_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='referencegrade',
            constraint=models.UniqueConstraint(fields=('mri', 'feature', 'muscle', 'side'), name='reference_once_per_muscle'),
        ),
        migrations.AddConstraint(
            model_name='referencegrade',
            constraint=models.CheckConstraint(condition=models.Q(('feature__in', ['edema', 'fat'])), name='reference_feature'),
        ),
        migrations.AddConstraint(
            model_name='referencegrade',
            constraint=models.CheckConstraint(condition=models.Q(('muscle__in', ['VL', 'VM', 'VI', 'RF', 'BFSH', 'BFLH', 'SM', 'ST', 'ADD', 'GR', 'SA'])), name='reference_muscle'),
        ),
        migrations.AddConstraint(
            model_name='referencegrade',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['both', 'left', 'right'])), name='reference_side'),
        ),
        migrations.AddConstraint(
            model_name='referencegrade',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('not_assessable', False), ('score__in', [0, 1, 2, 3]), ('score__isnull', False)), models.Q(('not_assessable', True), ('score', None)), _connector='OR'), name='reference_score_or_not_assessable'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        attach_trail("grading_referencegrade"),
        attach_trail("grading_admission"),
        migrations.RunSQL(AGREEMENT, NO_AGREEMENT),
        migrations.RunSQL(RULES, NO_RULES),
    ]
