"""A study has a charter, in versions that are kept; none follows once a read of its own cases was opened."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

# Calibration cases come before the study's own, and say nothing of them.
RULES = """
CREATE FUNCTION grading_check_charter() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('charter_is_kept', 'A version of a charter stays as it was written.', TG_TABLE_NAME);
    ELSIF EXISTS (SELECT FROM grading_read AS own JOIN grading_mri AS mri ON mri.id = own.mri_id
                  JOIN grading_participant AS participant ON participant.id = mri.participant_id
                  WHERE own.study_id = NEW.study_id AND NOT participant.is_calibration
                        AND (own.opened_at IS NOT NULL OR own.status <> 'assigned')) THEN
        PERFORM grading_refuse('charter_before_reading', 'A read was opened: the charter stays as it was.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER charter_is_kept BEFORE INSERT OR UPDATE OR DELETE ON grading_charter
    FOR EACH ROW EXECUTE FUNCTION grading_check_charter();
"""
NO_RULES = """
DROP TRIGGER charter_is_kept ON grading_charter;
DROP FUNCTION grading_check_charter();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0036_uploads_of_scans'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Charter',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('reading', models.TextField(blank=True, verbose_name='who reads what')),
                ('scale', models.TextField(blank=True, verbose_name='scale')),
                ('disagreement', models.TextField(blank=True, verbose_name='rules for disagreement')),
                ('analysis', models.TextField(blank=True, verbose_name='planned analysis')),
                ('looks', models.TextField(blank=True, verbose_name='planned looks')),
                ('known', models.TextField(blank=True, help_text='Members and settings when the version was written, a line each.', verbose_name='what the site knew')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='written')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charters', to='grading.study')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('study', 'number'),
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='charter_version_once'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='charter_version_from_one')],
            },
        ),
        attach_trail("grading_charter"),
        migrations.RunSQL(RULES, NO_RULES),
    ]
