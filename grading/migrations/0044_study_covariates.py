"""A study may define covariates of its own: numbers, or one of several levels; with a value for each participant."""

import uuid

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import grading.models.code_field
from grading.trail.attaching import attach_trail

RULES = """
ALTER TABLE grading_covariatevalue ADD CONSTRAINT covariate_value_participant_of_its_study
    FOREIGN KEY (study_id, participant_id) REFERENCES grading_participant (study_id, id);
ALTER TABLE grading_covariatevalue ADD CONSTRAINT covariate_value_covariate_of_its_study
    FOREIGN KEY (study_id, covariate_id) REFERENCES grading_covariate (study_id, id);

CREATE FUNCTION grading_check_covariate_value() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    own grading_covariate;
BEGIN
    SELECT * INTO own FROM grading_covariate WHERE id = NEW.covariate_id FOR SHARE;
    IF (own.kind = 'number') IS DISTINCT FROM (NEW.number IS NOT NULL) THEN
        PERFORM grading_refuse('covariate_value_is_of_its_kind',
            format('The covariate %s is %s.', own.name,
                   CASE own.kind WHEN 'number' THEN 'a number' ELSE 'one of its levels' END), TG_TABLE_NAME);
    ELSIF own.kind = 'levels' AND NEW.level <> ALL (string_to_array(own.levels, E'\\n')) THEN
        PERFORM grading_refuse('covariate_value_is_of_its_kind',
            format('%s is no level of the covariate %s.', NEW.level, own.name), TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER covariate_value_is_of_its_kind BEFORE INSERT OR UPDATE ON grading_covariatevalue
    FOR EACH ROW EXECUTE FUNCTION grading_check_covariate_value();

CREATE FUNCTION grading_check_covariate_stays() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_covariatevalue WHERE covariate_id = OLD.id)
       AND NOT ((NEW.id, NEW.study_id, NEW.name, NEW.kind) = (OLD.id, OLD.study_id, OLD.name, OLD.kind)
                AND starts_with(NEW.levels || E'\\n', OLD.levels || E'\\n')) THEN
        PERFORM grading_refuse('covariate_with_values_stays',
            format('Participants have values of %s: its name, its type and its levels stay as they are.', OLD.name),
            TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER covariate_with_values_stays BEFORE UPDATE ON grading_covariate
    FOR EACH ROW EXECUTE FUNCTION grading_check_covariate_stays();

CREATE TRIGGER covariate_value_corrected_with_a_reason AFTER UPDATE OR DELETE ON grading_covariatevalue
    FOR EACH ROW EXECUTE FUNCTION grading_check_correction();
CREATE TRIGGER covariate_value_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_covariatevalue
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
CREATE TRIGGER covariate_not_locked BEFORE INSERT OR UPDATE OR DELETE ON grading_covariate
    FOR EACH ROW EXECUTE FUNCTION grading_check_not_locked();
CREATE TRIGGER covariate_value_changes AFTER INSERT OR UPDATE OR DELETE ON grading_covariatevalue
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();
CREATE TRIGGER covariate_changes AFTER INSERT OR UPDATE OR DELETE ON grading_covariate
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();
"""
NO_RULES = """
DROP TRIGGER covariate_changes ON grading_covariate;
DROP TRIGGER covariate_value_changes ON grading_covariatevalue;
DROP TRIGGER covariate_not_locked ON grading_covariate;
DROP TRIGGER covariate_value_not_locked ON grading_covariatevalue;
DROP TRIGGER covariate_value_corrected_with_a_reason ON grading_covariatevalue;
DROP TRIGGER covariate_with_values_stays ON grading_covariate;
DROP FUNCTION grading_check_covariate_stays();
DROP TRIGGER covariate_value_is_of_its_kind ON grading_covariatevalue;
DROP FUNCTION grading_check_covariate_value();
ALTER TABLE grading_covariatevalue DROP CONSTRAINT covariate_value_covariate_of_its_study;
ALTER TABLE grading_covariatevalue DROP CONSTRAINT covariate_value_participant_of_its_study;
"""
FORGOTTEN = "DELETE FROM trail_column WHERE table_name IN ('grading_covariate', 'grading_covariatevalue');"


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0043_progress_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='Covariate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(help_text='The column in files, such as vital_capacity.', max_length=32, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9_]{0,31}\\Z', 'Write a name as a column has it: small letters, digits and underscores, a letter first, 32 at most.')])),
                ('label', grading.models.code_field.CodeField(help_text='What people call it, such as Forced vital capacity.', max_length=60)),
                ('unit', grading.models.code_field.CodeField(blank=True, help_text='Of a number, such as % or mL.', max_length=20)),
                ('kind', models.CharField(choices=[('number', 'number'), ('levels', 'one of several levels')], default='number', max_length=6)),
                ('levels', models.TextField(blank=True, help_text='Of what is no number: one on each line, the reference first.')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='covariates', to='grading.study')),
            ],
            options={
                'ordering': ('study', 'name'),
            },
        ),
        migrations.CreateModel(
            name='CovariateValue',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.FloatField(blank=True, null=True)),
                ('level', models.CharField(blank=True, max_length=40)),
                ('covariate', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='values', to='grading.covariate')),
                ('participant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='covariate_values', to='grading.participant')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='grading.study')),
            ],
            options={
                'verbose_name': 'value of a covariate',
                'verbose_name_plural': 'values of covariates',
                'ordering': ('study', 'participant', 'covariate'),
            },
        ),
        migrations.AddConstraint(
            model_name='covariate',
            constraint=models.UniqueConstraint(fields=('study', 'name'), name='covariate_name_per_study', violation_error_message='Another covariate of the study has this name.'),
        ),
        migrations.AddConstraint(
            model_name='covariate',
            constraint=models.UniqueConstraint(fields=('study', 'id'), name='covariate_of_study'),
        ),
        migrations.AddConstraint(
            model_name='covariate',
            constraint=models.CheckConstraint(condition=models.Q(('name__regex', '^[a-z][a-z0-9_]{0,31}$')), name='covariate_name'),
        ),
        migrations.AddConstraint(
            model_name='covariate',
            constraint=models.CheckConstraint(condition=models.Q(('label', ''), _negated=True), name='covariate_label_not_empty'),
        ),
        migrations.AddConstraint(
            model_name='covariate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'number'), ('levels', '')), models.Q(('kind', 'levels'), ('levels__contains', '\n'), ('unit', '')), _connector='OR'), name='covariate_levels', violation_error_message='A number has no levels; what has levels has two or more, and no unit.'),
        ),
        migrations.AddConstraint(
            model_name='covariatevalue',
            constraint=models.UniqueConstraint(fields=('study', 'participant', 'covariate'), name='covariate_value_once'),
        ),
        migrations.AddConstraint(
            model_name='covariatevalue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number', None), models.Q(('level', ''), _negated=True)), models.Q(('level', ''), ('number__isnull', False)), _connector='OR'), name='covariate_value_number_or_level'),
        ),
        migrations.AddConstraint(
            model_name='covariatevalue',
            constraint=models.CheckConstraint(condition=models.Q(('number', None), models.Q(('number__gte', -1000000000), ('number__lte', 1000000000)), _connector='OR'), name='covariate_value_number'),
        ),
        attach_trail("grading_covariate"),
        attach_trail("grading_covariatevalue"),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        migrations.RunSQL(RULES, NO_RULES),
    ]
