"""Indexes for what is asked of jobs: which wait or run, which ended lately, the newest of all and of a kind.

Jobs that have ended stay, and whoever looks each few seconds for those that have not must not pass them all.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('jobs', '0004_pieces')]

    operations = [
        migrations.RemoveIndex(model_name='job', name='job_study_made'),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['study', 'kind', '-made_at'], name='job_study_kind_made'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['state', '-made_at'], name='job_state_made'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(fields=['-made_at', '-id'], name='job_made'),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('key', ''), _negated=True), fields=['key', '-ended_at'], name='job_key_ended'),
        ),
    ]
