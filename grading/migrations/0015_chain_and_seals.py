"""The trail is chained by hash, sealed by study, and says whether the site vouches for who acts; signatures bind more.

The long SQL lies in the modules beside this one, by subject. `migrate` stores after every run what these rely on: the
site's keys, and a record of all that none tells of yet (thighsite/postgres/trail.py).
"""

import django.db.models.deletion
from django.db import migrations, models

from grading.migrations import _0015_chain as chain
from grading.migrations import _0015_seals as seals
from grading.migrations import _0015_signature as signature


class Migration(migrations.Migration):

    dependencies = [('grading', '0014_corrections_and_withdrawals')]

    operations = [
        migrations.AddField(
            model_name='trailrecord',
            name='transaction',
            field=models.BigIntegerField(default=0, help_text='The number of the transaction that made the record; 0 before records were chained.'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='trailrecord',
            name='vouched',
            field=models.BooleanField(help_text='Whether the site proved that it acted, for this person; unknown before records were chained.', null=True),
        ),
        migrations.AddField(
            model_name='trailrecord',
            name='previous',
            field=models.CharField(default='', help_text='Hash of the record before it in its chain; empty in the first.', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='trailrecord',
            name='hash',
            field=models.CharField(default='', help_text='SHA-256 of the record and of the one before it.', max_length=64),
            preserve_default=False,
        ),
        migrations.RemoveIndex(model_name='trailrecord', name='trail_of_read'),
        migrations.AddIndex(
            model_name='trailrecord',
            index=models.Index(condition=models.Q(('read__isnull', False)), fields=['read', 'id'], name='trail_of_read'),
        ),
        migrations.AddIndex(
            model_name='trailrecord',
            index=models.Index(condition=models.Q(('read__isnull', True)), fields=['table', 'key', 'id'], name='trail_of_row'),
        ),
        migrations.RunSQL(chain.TABLES, chain.NO_TABLES),
        migrations.RunSQL(chain.VOUCHED, chain.NOT_VOUCHED),
        migrations.RunSQL(chain.CHAINED, chain.NOT_CHAINED),
        migrations.RunSQL(chain.FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(chain.WATCHED, chain.NOT_WATCHED),
        migrations.RunSQL(chain.NOTED, chain.NOT_NOTED),
        migrations.CreateModel(
            name='Seal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(help_text='Counts the seals of a study from 1.')),
                ('at', models.DateTimeField()),
                ('records', models.PositiveBigIntegerField(help_text='How many records it is the first to cover.')),
                ('last_record', models.BigIntegerField(help_text='Number of the last record that it covers.')),
                ('settled_record', models.BigIntegerField(help_text='All records up to this number are covered.')),
                ('snapshot', models.TextField(help_text='Which transactions were over, as PostgreSQL writes it.')),
                ('transaction', models.BigIntegerField(help_text='The transaction that made it.')),
                ('horizon', models.BigIntegerField(help_text='Above the number of every transaction that was open then; unknown where its own had begun before.', null=True)),
                ('previous', models.CharField(help_text='Hash of the seal before it; empty in the first.', max_length=64)),
                ('hash', models.CharField(help_text='SHA-256 of the seal, the one before it and the records that it is the first to cover.', max_length=64)),
                ('study', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='seals', to='grading.study')),
            ],
            options={
                'ordering': ('study', 'number'),
                'indexes': [models.Index(fields=['study', 'last_record', 'number'], name='seal_of_record')],
                'constraints': [models.UniqueConstraint(fields=('study', 'number'), name='seal_number_per_study')],
            },
        ),
        migrations.RunSQL(seals.SEALED, seals.NOT_SEALED),
        migrations.RunSQL(seals.KEPT, seals.NOT_KEPT),
        migrations.RunSQL(signature.SIGNED, signature.NOT_SIGNED),
    ]
