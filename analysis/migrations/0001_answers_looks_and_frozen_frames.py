"""Answers, looks and frozen frames. A frozen frame is never changed and never goes: the database sees to it."""

import django.db.models.deletion
import django.db.models.functions.text
import uuid
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION analysis_keep_frozen_frame() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The frame of a locked study is frozen.'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'frozen_frame_is_kept', TABLE = 'analysis_frozenframe';
END $$;
CREATE TRIGGER frozen_frame_is_kept BEFORE UPDATE OR DELETE ON analysis_frozenframe
    FOR EACH ROW EXECUTE FUNCTION analysis_keep_frozen_frame();
"""
NOT_KEPT = """
DROP TRIGGER frozen_frame_is_kept ON analysis_frozenframe;
DROP FUNCTION analysis_keep_frozen_frame();
"""


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('grading', '0005_changes_and_lock'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FrozenFrame',
            fields=[
                ('study', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='frozen_frame', serialize=False, to='grading.study')),
                ('csv', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('sha256__regex', '^[0-9a-f]{64}$')), name='frozen_frame_sha256')],
            },
        ),
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('data_version', models.CharField(max_length=64)),
                ('question', models.TextField()),
                ('program', models.CharField(help_text='SHA-256 of the code and the library versions that computed it.', max_length=64)),
                ('content', models.TextField(help_text='JSON; as text, so that the order of its keys is kept.')),
                ('computed_at', models.DateTimeField(auto_now_add=True)),
                ('seconds', models.FloatField(help_text='How long the computation took.')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='grading.study')),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('study'), models.F('data_version'), django.db.models.functions.text.MD5('question'), models.F('program'), name='answer_once_per_question')],
            },
        ),
        migrations.CreateModel(
            name='DataVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('revision', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='data_versions', to='grading.study')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('study', 'revision'), name='data_version_of_a_revision')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('question', models.TextField()),
                ('data_version', models.CharField(max_length=64)),
                ('participants', models.PositiveIntegerField(help_text='How many participants the comparison held.')),
                ('study', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='grading.study')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['study', '-at'], name='look_by_time')],
                'constraints': [models.UniqueConstraint(models.F('study'), models.F('user'), django.db.models.functions.text.MD5('question'), models.F('data_version'), name='look_once')],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
