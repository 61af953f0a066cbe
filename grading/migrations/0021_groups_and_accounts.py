"""A group gets another code or name, or stops or begins to be the reference, with a reason; and who has seen the groups
keeps their account, so that nobody begins anew under its name."""

import django.core.validators
from django.db import migrations, models

# The function is that of 0013_taken_back.
RENAMED = """
CREATE TRIGGER group_renamed_with_a_reason BEFORE UPDATE ON grading_diagnosisgroup
    FOR EACH ROW WHEN ((OLD.study_id, OLD.code, OLD.name, OLD.is_reference)
                       IS DISTINCT FROM (NEW.study_id, NEW.code, NEW.name, NEW.is_reference))
    EXECUTE FUNCTION grading_need_reason('group_renamed_with_a_reason');
"""
NOT_RENAMED = "DROP TRIGGER group_renamed_with_a_reason ON grading_diagnosisgroup"

KEPT = """
CREATE FUNCTION grading_keep_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM grading_unblinded WHERE user_id = OLD.id) THEN
        RAISE EXCEPTION 'Who has seen the groups of a study keeps their account: switch it off instead.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'unblinded_account_is_kept', TABLE = 'auth_user';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER unblinded_account_is_kept BEFORE DELETE ON auth_user
    FOR EACH ROW EXECUTE FUNCTION grading_keep_account();
"""
NOT_KEPT = """
DROP TRIGGER unblinded_account_is_kept ON auth_user;
DROP FUNCTION grading_keep_account();
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0020_uploads')]

    operations = [
        migrations.AlterField(
            model_name='diagnosisgroup',
            name='colour',
            field=models.CharField(default='#0072B2', help_text='In the figures, such as #0072B2.', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9A-Fa-f]{6}\\Z', 'Write a colour as # and six digits, such as #0072B2.')]),
        ),
        migrations.AlterField(
            model_name='diagnosisgroup',
            name='is_reference',
            field=models.BooleanField(default=False, help_text='Differences are the other group minus this one.', verbose_name='reference'),
        ),
        migrations.AlterField(
            model_name='study',
            name='slug',
            field=models.SlugField(help_text="As in the study's addresses: small letters, digits and hyphens.", unique=True, verbose_name='short name'),
        ),
        migrations.AlterField(
            model_name='study',
            name='wash_out_days',
            field=models.PositiveSmallIntegerField(default=28, help_text='Days between the sign-off of a first read and its re-read.', verbose_name='wash-out, in days'),
        ),
        migrations.AlterConstraint(
            model_name='diagnosisgroup',
            name='group_code_per_study',
            constraint=models.UniqueConstraint(fields=('study', 'code'), name='group_code_per_study', violation_error_message='Another group of the study has this code.'),
        ),
        migrations.RunSQL(RENAMED, NOT_RENAMED),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
