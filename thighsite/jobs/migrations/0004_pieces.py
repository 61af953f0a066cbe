"""Jobs in pieces: a row for each piece, while its job is being done."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0003_proven_jobs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='started_at',
            field=models.DateTimeField(help_text='When the present attempt began; in pieces, the first.', null=True),
        ),
        migrations.CreateModel(
            name='JobPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('result', models.TextField(blank=True, help_text='As JSON; empty until it is done.')),
                ('proof', models.CharField(blank=True, help_text='That the site stored the row: an HMAC under its SECRET_KEY.', max_length=64)),
                ('error', models.TextField(blank=True, help_text='In words: why the job fails.')),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='jobs.job')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('job', 'number'), name='job_piece_once')],
            },
        ),
    ]
