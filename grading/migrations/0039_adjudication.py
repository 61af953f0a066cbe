"""Adjudicators decide where first reads differ: a role that is blind to the groups, and decisions that only grow.

Who reads does not adjudicate, and who adjudicates or did so never reads: they know what others graded.
"""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

_BLIND = """
DROP TRIGGER reader_is_blind ON grading_member;
CREATE TRIGGER reader_is_blind AFTER INSERT OR UPDATE OF study_id, user_id, role ON grading_member
    FOR EACH ROW WHEN (NEW.role IN ({blind})) EXECUTE FUNCTION grading_check_blind();

CREATE OR REPLACE FUNCTION grading_check_no_reader() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF (NEW.is_staff OR NEW.is_superuser) AND NOT (OLD.is_staff OR OLD.is_superuser)
       AND EXISTS (SELECT FROM grading_member WHERE user_id = NEW.id AND role IN ({blind})) THEN
        RAISE EXCEPTION 'A reader must be blind to the groups, which a site admin can see.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'reader_is_no_site_admin', TABLE = 'auth_user';
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE PROCEDURE grading_note_unblinded(of_study uuid, person int, INOUT is_noted boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    held text;
BEGIN
    SELECT role INTO held FROM grading_member
    WHERE study_id = of_study AND user_id = person AND suspended_at IS NULL FOR SHARE;
    IF coalesce(held, 'reader') IN ({blind}) THEN
        SELECT 'site admin' INTO held FROM auth_user WHERE id = person AND (is_staff OR is_superuser);
    END IF;
    is_noted := held IS NOT NULL;
    INSERT INTO grading_unblinded (study_id, user_id, role)
    SELECT id, person, held FROM grading_study
    WHERE is_noted AND (id = of_study OR of_study IS NULL)
          AND NOT EXISTS (SELECT FROM grading_unblinded WHERE study_id = grading_study.id AND user_id = person)
    ON CONFLICT DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION grading_sees_groups(of_study uuid, person int) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM grading_member WHERE study_id = of_study AND user_id = person
                                                    AND role NOT IN ({blind}) AND suspended_at IS NULL)
$$;
"""
BLIND = (
    _BLIND.format(blind="'reader', 'adjudicator'")
    + """
-- A membership that ended, or a role before another, is what the trail tells of.
-- A record of a change names what changed alone, so whose membership it is stands in another one, or in the row.
CREATE FUNCTION grading_memberships(of_study uuid, person int) RETURNS SETOF text LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT id::text FROM grading_member WHERE study_id = of_study AND user_id = person
    UNION
    SELECT key FROM grading_trail, LATERAL (VALUES (before), (after)) AS version (row)
    WHERE study_id = of_study AND table_name = 'grading_member' AND row->>'user_id' = person::text
$$;
CREATE FUNCTION grading_was_adjudicator(of_study uuid, person int) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM grading_adjudication WHERE study_id = of_study AND decided_by_id = person)
        OR EXISTS (SELECT FROM grading_member WHERE study_id = of_study AND user_id = person AND role = 'adjudicator')
        OR EXISTS (SELECT FROM grading_trail AS told, LATERAL (VALUES (before), (after)) AS version (row)
                   WHERE study_id = of_study AND table_name = 'grading_member' AND row->>'role' = 'adjudicator'
                         AND told.key IN (SELECT grading_memberships(of_study, person)))
$$;
CREATE FUNCTION grading_check_reader_graded_unseen() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.role = 'adjudicator' OR grading_was_adjudicator(NEW.study_id, NEW.user_id) THEN
        PERFORM grading_refuse('reader_was_no_adjudicator',
                               'Who was an adjudicator of the study knows what readers graded, and never reads in it.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER reader_was_no_adjudicator AFTER INSERT OR UPDATE OF study_id, user_id, role ON grading_member
    FOR EACH ROW WHEN (NEW.role = 'reader') EXECUTE FUNCTION grading_check_reader_graded_unseen();
"""
)
SEEING = (
    """
DROP TRIGGER reader_was_no_adjudicator ON grading_member;
DROP FUNCTION grading_check_reader_graded_unseen();
DROP FUNCTION grading_was_adjudicator(uuid, int);
DROP FUNCTION grading_memberships(uuid, int);
"""
    + _BLIND.format(blind="'reader'")
)

_CODES = """
CREATE OR REPLACE FUNCTION grading_code_is_free(of_study uuid, drawn text) RETURNS boolean LANGUAGE sql VOLATILE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM grading_read WHERE study_id = of_study AND code = drawn)
       AND NOT EXISTS (SELECT FROM grading_trail WHERE study_id = of_study AND before->>'code' = drawn
                                                       AND table_name = 'grading_read' AND operation = 'delete')
       AND NOT EXISTS (SELECT FROM grading_participant WHERE study_id = of_study AND code = drawn)
       AND NOT EXISTS (SELECT FROM grading_mri WHERE study_id = of_study AND code = drawn){others}
$$;
"""
CODES = _CODES.format(
    others="""
       AND NOT EXISTS (SELECT FROM grading_adjudicationcase WHERE study_id = of_study AND code = drawn)"""
)
FORMER_CODES = _CODES.format(others="")

# Of first reads that are signed off and take part: muscles whose scores differ by what the study sends to adjudication.
# One that was decided between these very grades is settled; it is one again where the reads are as they were.
DISCREPANCIES = """
CREATE FUNCTION grading_discrepancies(of_study uuid) RETURNS TABLE (
    mri_id uuid, feature text, muscle text, side text, grades jsonb, readers jsonb, settled uuid, waits boolean
) LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    WITH cell AS (
        SELECT own.mri_id, own.feature::text AS feature, grade.muscle::text AS muscle, grade.side::text AS side,
               jsonb_object_agg(own.id, grade.score) AS grades, jsonb_object_agg(own.id, own.reader_id) AS readers
        FROM grading_read AS own
        JOIN grading_grade AS grade ON grade.read_id = own.id
        JOIN grading_mri AS mri ON mri.id = own.mri_id
        JOIN grading_participant AS participant ON participant.id = mri.participant_id
        WHERE own.study_id = of_study AND own.occasion = 1 AND own.signed_off_at IS NOT NULL
              AND participant.withdrawn_at IS NULL AND NOT participant.is_calibration
        GROUP BY own.mri_id, own.feature, grade.muscle, grade.side
        HAVING max(grade.score) - min(grade.score)
               >= (SELECT adjudicates_from FROM grading_study WHERE id = of_study)
    )
    SELECT cell.mri_id, cell.feature, cell.muscle, cell.side, cell.grades, cell.readers, decided.id,
           EXISTS (SELECT FROM grading_read AS another WHERE another.mri_id = cell.mri_id AND another.occasion = 1
                                                             AND another.signed_off_at IS NULL)
    FROM cell LEFT JOIN LATERAL (
        SELECT last.id, last.grades FROM grading_adjudicationcase AS own
        JOIN grading_adjudication AS last ON last.case_id = own.id
        WHERE own.mri_id = cell.mri_id AND own.feature = cell.feature AND last.muscle = cell.muscle
              AND last.side = cell.side
        ORDER BY last.number DESC LIMIT 1
    ) AS decided ON decided.grades = cell.grades
    ORDER BY 1, 2, 3, 4
$$;
"""
NO_DISCREPANCIES = "DROP FUNCTION grading_discrepancies(uuid);"

RULES = """
ALTER TABLE grading_adjudicationcase ADD CONSTRAINT adjudication_case_of_its_study
    FOREIGN KEY (study_id, mri_id) REFERENCES grading_mri (study_id, id);

CREATE FUNCTION grading_check_adjudication_case() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('adjudication_case_is_kept', 'A case for adjudication stays as it is.', TG_TABLE_NAME);
    END IF;
    NEW.code := grading_new_code(NEW.study_id);
    RETURN NEW;
END $$;
CREATE TRIGGER adjudication_case_is_kept BEFORE INSERT OR UPDATE OR DELETE ON grading_adjudicationcase
    FOR EACH ROW EXECUTE FUNCTION grading_check_adjudication_case();
CREATE TRIGGER adjudication_case_not_locked BEFORE INSERT ON grading_adjudicationcase
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();

CREATE FUNCTION grading_check_adjudication() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    acting int := nullif(current_setting('thighsite.actor', true), '');
    own record;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('adjudication_is_kept', 'What was decided stays as it is.', TG_TABLE_NAME);
    END IF;
    SELECT mri_id, feature INTO own FROM grading_adjudicationcase WHERE id = NEW.case_id AND study_id = NEW.study_id;
    IF NOT FOUND THEN
        PERFORM grading_refuse('adjudication_of_its_case', 'A decision and its case are of one study.', TG_TABLE_NAME);
    END IF;
    IF acting <> NEW.decided_by_id OR NOT EXISTS (
           SELECT FROM grading_member WHERE study_id = NEW.study_id AND user_id = NEW.decided_by_id
                                            AND role = 'adjudicator' AND suspended_at IS NULL) THEN
        PERFORM grading_refuse('adjudication_by_an_adjudicator',
                               'An adjudicator of the study decides, and nobody for them.', TG_TABLE_NAME);
    END IF;
    PERFORM FROM grading_read WHERE mri_id = own.mri_id AND occasion = 1 ORDER BY id FOR SHARE;
    IF NOT EXISTS (SELECT FROM grading_discrepancies(NEW.study_id) AS found
                   WHERE found.mri_id = own.mri_id AND found.feature = own.feature AND found.muscle = NEW.muscle
                         AND found.side = NEW.side AND found.grades = NEW.grades AND NOT found.waits) THEN
        PERFORM grading_refuse('adjudication_of_a_discrepancy',
                               'A decision is between the grades of signed-off first reads that differ.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER adjudication_is_kept BEFORE INSERT OR UPDATE OR DELETE ON grading_adjudication
    FOR EACH ROW EXECUTE FUNCTION grading_check_adjudication();
CREATE TRIGGER adjudication_not_locked BEFORE INSERT ON grading_adjudication
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
"""
NO_RULES = """
DROP TRIGGER adjudication_not_locked ON grading_adjudication;
DROP TRIGGER adjudication_is_kept ON grading_adjudication;
DROP FUNCTION grading_check_adjudication();
DROP TRIGGER adjudication_case_not_locked ON grading_adjudicationcase;
DROP TRIGGER adjudication_case_is_kept ON grading_adjudicationcase;
DROP FUNCTION grading_check_adjudication_case();
ALTER TABLE grading_adjudicationcase DROP CONSTRAINT adjudication_case_of_its_study;
"""
FORGOTTEN = """
DELETE FROM trail_column WHERE table_name IN ('grading_adjudicationcase', 'grading_adjudication')
    OR table_name = 'grading_study' AND column_name = 'adjudicates_from';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0038_queries'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Adjudication',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('muscle', models.CharField(max_length=4)),
                ('side', models.CharField(max_length=5)),
                ('number', models.PositiveSmallIntegerField(help_text='From 1. Another follows where the reads changed since.')),
                ('score', models.PositiveSmallIntegerField(null=True)),
                ('not_assessable', models.BooleanField(default=False)),
                ('reason', models.CharField(max_length=500)),
                ('grades', models.JSONField(help_text='What was decided between: the score of each read, null for not assessable.')),
                ('decided_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ('case', 'muscle', 'side', 'number'),
            },
        ),
        migrations.CreateModel(
            name='AdjudicationCase',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('feature', models.CharField(choices=[('edema', 'edema'), ('fat', 'fatty infiltration')], max_length=5)),
                ('code', models.CharField(db_default='', editable=False, help_text='Names the case to adjudicators. PostgreSQL draws it when the case is made.', max_length=12)),
                ('readers', models.JSONField(help_text='The numbers of their accounts: the first is Reader A.')),
                ('drawn_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ('study', 'code'),
            },
        ),
        migrations.RemoveConstraint(
            model_name='member',
            name='member_role',
        ),
        migrations.AddField(
            model_name='study',
            name='adjudicates_from',
            field=models.PositiveSmallIntegerField(blank=True, choices=[(2, '2 or more apart'), (1, 'any difference'), (None, 'none')], db_default=2, default=2, help_text='Of first reads of one MRI by two readers or more, muscle by muscle.', null=True, verbose_name='differences that are adjudicated'),
        ),
        migrations.AlterField(
            model_name='member',
            name='role',
            field=models.CharField(choices=[('reader', 'reader'), ('investigator', 'investigator'), ('coordinator', 'coordinator'), ('adjudicator', 'adjudicator')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='member',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['reader', 'investigator', 'coordinator', 'adjudicator'])), name='member_role'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('adjudicates_from', None), ('adjudicates_from__in', [1, 2]), _connector='OR'), name='study_adjudicates_from'),
        ),
        migrations.AddField(
            model_name='adjudication',
            name='decided_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudications', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='adjudication',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudications', to='grading.study'),
        ),
        migrations.AddField(
            model_name='adjudicationcase',
            name='mri',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudication_cases', to='grading.mri', verbose_name='MRI'),
        ),
        migrations.AddField(
            model_name='adjudicationcase',
            name='study',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudication_cases', to='grading.study'),
        ),
        migrations.AddField(
            model_name='adjudication',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adjudications', to='grading.adjudicationcase'),
        ),
        migrations.AddConstraint(
            model_name='adjudicationcase',
            constraint=models.UniqueConstraint(fields=('mri', 'feature'), name='adjudication_case_once'),
        ),
        migrations.AddConstraint(
            model_name='adjudicationcase',
            constraint=models.UniqueConstraint(fields=('study', 'code'), name='adjudication_case_code_once'),
        ),
        migrations.AddConstraint(
            model_name='adjudicationcase',
            constraint=models.CheckConstraint(condition=models.Q(('feature__in', ['edema', 'fat'])), name='adjudication_case_feature'),
        ),
        migrations.AddConstraint(
            model_name='adjudicationcase',
            constraint=models.CheckConstraint(condition=models.Q(('code__regex', '^[CDFHJKMNPRTVWXY][2346789][CDFHJKMNPRTVWXY][CDFHJKMNPRTVWXY2346789]{1,9}$')), name='adjudication_case_code'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.UniqueConstraint(fields=('case', 'muscle', 'side', 'number'), name='adjudication_number_once'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='adjudication_number_from_1'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(('muscle__in', ['VL', 'VM', 'VI', 'RF', 'BFSH', 'BFLH', 'SM', 'ST', 'ADD', 'GR', 'SA'])), name='adjudication_muscle'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ['both', 'left', 'right'])), name='adjudication_side'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='adjudication_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('not_assessable', False), ('score__in', [0, 1, 2, 3]), ('score__isnull', False)), models.Q(('not_assessable', True), ('score', None)), _connector='OR'), name='adjudication_score_or_not_assessable'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        attach_trail("grading_adjudicationcase"),
        attach_trail("grading_adjudication"),
        migrations.RunSQL(BLIND, SEEING),
        migrations.RunSQL(CODES, FORMER_CODES),
        migrations.RunSQL(DISCREPANCIES, NO_DISCREPANCIES),
        migrations.RunSQL(RULES, NO_RULES),
    ]
