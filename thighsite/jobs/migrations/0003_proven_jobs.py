"""Jobs prove that the site started them, and once ended stay as they are: else the site's role could have one done again.

Jobs of before have no proof. Those that wait fail, in words.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION jobs_keep_ended() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'A job that has ended stays as it is.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'job_ended_is_kept', TABLE = 'jobs_job';
END $$;
CREATE TRIGGER job_ended_is_kept BEFORE UPDATE ON jobs_job
    FOR EACH ROW WHEN (OLD.state NOT IN ('waiting', 'running')) EXECUTE FUNCTION jobs_keep_ended();
"""
NOT_KEPT = """
DROP TRIGGER job_ended_is_kept ON jobs_job;
DROP FUNCTION jobs_keep_ended();
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0001_initial'), ('jobs', '0002_jobs')]

    operations = [
        migrations.AddField(
            model_name='job',
            name='proof',
            field=models.CharField(default='', help_text='That the site stored the row: an HMAC under its SECRET_KEY.', max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='job',
            name='started_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='job',
            name='study',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='jobs', to='grading.study'),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
