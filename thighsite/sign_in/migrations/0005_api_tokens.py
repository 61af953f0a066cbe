"""Personal tokens of scripts, kept as digests; the trail of signing in notes that one was made, and that it ended."""

import datetime
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0040_codes_of_files'),
        ('sign_in', '0004_one_time_links'),
    ]

    operations = [
        migrations.AlterField(
            model_name='signinevent',
            name='kind',
            field=models.CharField(choices=[('signed_in', 'signed in'), ('refused', 'refused'), ('second_factor', 'second factor'), ('second_factor_refused', 'second factor refused'), ('signed_out', 'signed out'), ('expired', 'session expired'), ('ended', 'sessions ended'), ('password_changed', 'password changed'), ('link_made', 'one-time link made'), ('links_ended', 'one-time links ended'), ('factor_added', 'second factor added'), ('factor_removed', 'second factor removed'), ('token_made', 'token made'), ('token_ended', 'token ended')], max_length=24),
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=60)),
                ('scopes', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField(null=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to='grading.member')),
            ],
            options={
                'verbose_name': 'API token',
                'ordering': ('made_at', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__lte', django.db.models.expressions.CombinedExpression(models.F('made_at'), '+', models.Value(datetime.timedelta(days=90))))), name='api_token_has_an_end')],
            },
        ),
    ]
