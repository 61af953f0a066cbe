"""A study may ask for some of its readers per MRI, drawn at random; the draws are kept, and no MRI gets more readers."""

import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

# A draft that somebody began and will not finish stays theirs, and keeps nobody from reading in their place.
# One statement asks for all reads that another one made: a file brings in a hundred thousand.
RULES = """
CREATE FUNCTION grading_check_readers_per_mri() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    full_mri record;
BEGIN
    IF NOT EXISTS (SELECT FROM grading_study WHERE readers_per_mri IS NOT NULL
                                                   AND id IN (SELECT study_id FROM added)) THEN
        RETURN NULL;
    END IF;
    SELECT mri.code AS mri, participant.code AS participant, study.readers_per_mri AS most, given.feature INTO full_mri
    FROM (SELECT DISTINCT study_id, mri_id, coalesce(nullif(assigned_for, ''), feature) AS feature
          FROM added WHERE occasion = 1) AS given
    JOIN grading_study AS study ON study.id = given.study_id AND study.readers_per_mri IS NOT NULL
    JOIN grading_mri AS mri ON mri.id = given.mri_id
    JOIN grading_participant AS participant ON participant.id = mri.participant_id AND NOT participant.is_calibration
    JOIN grading_read AS own ON own.mri_id = given.mri_id AND own.occasion = 1
                                AND coalesce(nullif(own.assigned_for, ''), own.feature) = given.feature
    WHERE NOT (own.handed_out AND own.status <> 'signed_off' AND (own.status = 'draft' OR own.opened_at IS NOT NULL))
    GROUP BY mri.code, participant.code, study.readers_per_mri, given.feature
    HAVING count(*) > study.readers_per_mri
    ORDER BY participant.code, mri.code LIMIT 1;
    IF FOUND THEN
        PERFORM grading_refuse('read_readers_per_mri',
            format('MRI %s of participant %s would have more readers for %s than the study asks for: %s.',
                   full_mri.mri, full_mri.participant, full_mri.feature, full_mri.most), TG_TABLE_NAME);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER read_readers_per_mri AFTER INSERT ON grading_read
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION grading_check_readers_per_mri();

CREATE FUNCTION grading_check_readers_stay() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_read AS own JOIN grading_mri AS mri ON mri.id = own.mri_id
               JOIN grading_participant AS participant ON participant.id = mri.participant_id
               WHERE own.study_id = NEW.id AND NOT participant.is_calibration) THEN
        PERFORM grading_refuse('study_readers_per_mri_stays',
                               'There are reads: how many readers each MRI has stays as it is.', TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER study_readers_per_mri_stays BEFORE UPDATE OF readers_per_mri ON grading_study FOR EACH ROW
    WHEN (OLD.readers_per_mri IS DISTINCT FROM NEW.readers_per_mri) EXECUTE FUNCTION grading_check_readers_stay();
"""
NO_RULES = """
DROP TRIGGER study_readers_per_mri_stays ON grading_study;
DROP FUNCTION grading_check_readers_stay();
DROP TRIGGER read_readers_per_mri ON grading_read;
DROP FUNCTION grading_check_readers_per_mri();
DELETE FROM trail_column WHERE table_name = 'grading_study' AND column_name = 'readers_per_mri';
"""


class Migration(migrations.Migration):

    dependencies = [
        ("grading", "0040_codes_of_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReaderDraw',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('feature', models.CharField(choices=[('edema', 'edema'), ('fat', 'fatty infiltration')], max_length=5)),
                ('readers_per_mri', models.PositiveSmallIntegerField(verbose_name='readers of each MRI')),
                ('readers', models.TextField(help_text='From whom was drawn: the usernames of then, in the order of the draw.')),
                ('seed', models.PositiveIntegerField()),
                ('drawn_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='drawn')),
                ('drawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reader_draws', to='grading.study')),
            ],
            options={
                'ordering': ('study', 'drawn_at'),
            },
        ),
        migrations.AddField(
            model_name='study',
            name='readers_per_mri',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Drawn at random from the study’s readers, each with as many MRIs as the others. Empty: every reader reads every MRI.', null=True, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='readers of each MRI'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('readers_per_mri', None), models.Q(('readers_per_mri__gte', 1), ('readers_per_mri__lte', 100)), _connector='OR'), name='study_readers_per_mri'),
        ),
        migrations.AddConstraint(
            model_name='readerdraw',
            constraint=models.CheckConstraint(condition=models.Q(('feature__in', ['edema', 'fat'])), name='reader_draw_feature'),
        ),
        attach_trail("grading_readerdraw"),
        migrations.RunSQL(RULES, NO_RULES),
    ]
