"""Stacks of MRIs: who approved or refused one, and what it is of, is held by the database; the trail notes it."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from grading.trail.attaching import attach_trail

WITHIN_ONE_STUDY = """
ALTER TABLE grading_stack ADD CONSTRAINT stack_mri_of_its_study
    FOREIGN KEY (study_id, mri_id) REFERENCES grading_mri (study_id, id);
"""
NOT_WITHIN_ONE_STUDY = "ALTER TABLE grading_stack DROP CONSTRAINT stack_mri_of_its_study"

# What was looked at is what is shown: of an approved stack only a refusal takes that back, and a refusal is for good.
LOOKED_AT = """
CREATE FUNCTION grading_check_stack() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    acting int := nullif(current_setting('thighsite.actor', true), '');
    broken text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (OLD.id, OLD.study_id, OLD.mri_id, OLD.geometry, OLD.sha256, OLD.is_drawing, OLD.stored_at, OLD.stored_by_id)
           IS DISTINCT FROM (NEW.id, NEW.study_id, NEW.mri_id, NEW.geometry, NEW.sha256, NEW.is_drawing, NEW.stored_at,
                             NEW.stored_by_id) THEN
            broken := 'stack_stays_as_stored: a stack stays what it was stored as';
        ELSIF OLD.refused_at IS NOT NULL THEN
            broken := 'stack_refused_for_good: a refused stack stays refused';
        ELSIF OLD.approved_at IS NOT NULL AND NEW.refused_at IS NULL
              AND (OLD.sequence, OLD.approved_at, OLD.approved_by_id)
                  IS DISTINCT FROM (NEW.sequence, NEW.approved_at, NEW.approved_by_id) THEN
            broken := 'stack_approved_until_refused: an approved stack stays so until it is refused';
        END IF;
    END IF;
    IF NEW.approved_at IS NOT NULL AND (TG_OP = 'INSERT' OR OLD.approved_at IS NULL)
       AND NEW.approved_by_id IS NOT NULL AND (acting <> NEW.approved_by_id OR NOT EXISTS (
           SELECT FROM grading_member WHERE study_id = NEW.study_id AND user_id = NEW.approved_by_id
                                            AND role = 'coordinator' AND suspended_at IS NULL)) THEN
        broken := 'stack_approved_by_a_coordinator: a coordinator of the study approves a stack, and nobody for them';
    END IF;
    IF broken IS NOT NULL THEN
        RAISE EXCEPTION '%', broken USING ERRCODE = 'check_violation', CONSTRAINT = split_part(broken, ':', 1),
                                          TABLE = 'grading_stack';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stack_is_looked_at BEFORE INSERT OR UPDATE ON grading_stack
    FOR EACH ROW EXECUTE FUNCTION grading_check_stack();
CREATE TRIGGER stack_refused_with_a_reason BEFORE UPDATE OF refused_at ON grading_stack
    FOR EACH ROW WHEN (OLD.refused_at IS DISTINCT FROM NEW.refused_at)
    EXECUTE FUNCTION grading_need_reason('stack_refused_with_a_reason');
CREATE TRIGGER stack_deleted_with_a_reason BEFORE DELETE ON grading_stack
    FOR EACH ROW EXECUTE FUNCTION grading_need_reason('stack_deleted_with_a_reason');
"""
NOT_LOOKED_AT = """
DROP TRIGGER stack_deleted_with_a_reason ON grading_stack;
DROP TRIGGER stack_refused_with_a_reason ON grading_stack;
DROP TRIGGER stack_is_looked_at ON grading_stack;
DROP FUNCTION grading_check_stack();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0028_grace_after_a_clock_was_set_back'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Stack',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('sequence', models.CharField(blank=True, choices=[('STIR', 'Stir'), ('T1W', 'T1W'), ('T2FS', 'T2Fs')], help_text='Empty until a coordinator has said which it is.', max_length=4)),
                ('suggested_sequence', models.CharField(blank=True, choices=[('STIR', 'Stir'), ('T1W', 'T1W'), ('T2FS', 'T2Fs')], editable=False, max_length=4)),
                ('suggested_because', models.CharField(blank=True, editable=False, max_length=200)),
                ('geometry', models.JSONField(editable=False, help_text='The manifest: grading.stacks.manifest.Manifest.')),
                ('sha256', models.CharField(editable=False, help_text='Of the packed slices, one after the other.', max_length=64)),
                ('deidentified_by', models.JSONField(default=list, editable=False, help_text='Codes of CID 7050 (DICOM PS3.16): what was done to the DICOM.')),
                ('is_drawing', models.BooleanField(default=False, editable=False, help_text='Drawn by a program, of nobody: the viewer says so.')),
                ('stored_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('approved_at', models.DateTimeField(editable=False, null=True)),
                ('refused_at', models.DateTimeField(editable=False, null=True)),
                ('refused_because', models.CharField(blank=True, editable=False, max_length=500)),
                ('approved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('mri', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stacks', to='grading.mri', verbose_name='MRI')),
                ('refused_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('stored_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stacks', to='grading.study')),
            ],
            options={
                'ordering': ('study', 'mri', 'sequence', 'stored_at'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('refused_at', None), models.Q(('sequence', ''), _negated=True)), fields=('mri', 'sequence'), name='stack_once_per_mri_and_sequence', violation_error_message='The MRI has a stack of this sequence. Refuse or delete that one first.'), models.CheckConstraint(condition=models.Q(('sequence__in', ['', 'STIR', 'T1W', 'T2FS'])), name='stack_sequence'), models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='stack_sha256'), models.CheckConstraint(condition=models.Q(models.Q(('approved_at', None), ('approved_by', None)), models.Q(('approved_at__isnull', False), ('approved_by__isnull', False), models.Q(('sequence', ''), _negated=True)), _connector='OR'), name='stack_approval_is_whole'), models.CheckConstraint(condition=models.Q(models.Q(('refused_at', None), ('refused_because', ''), ('refused_by', None)), models.Q(('refused_at__isnull', False), ('refused_by__isnull', False), models.Q(('refused_because', ''), _negated=True)), _connector='OR'), name='stack_refusal_is_whole'), models.CheckConstraint(condition=models.Q(('approved_at', None), ('refused_at', None), _connector='OR'), name='stack_approved_or_refused')],
            },
        ),
        migrations.RunSQL(WITHIN_ONE_STUDY, NOT_WITHIN_ONE_STUDY),
        attach_trail("grading_stack", without=["suggested_sequence", "suggested_because"]),
        migrations.RunSQL(LOOKED_AT, NOT_LOOKED_AT),
    ]
