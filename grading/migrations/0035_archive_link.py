"""A link opens a case's scan in an archive of images, which may know each MRI by an opaque id."""

from django.conf import settings
from django.db import migrations, models

FORGOTTEN = """
DELETE FROM trail_column WHERE (table_name, column_name) IN (
    ('grading_study', 'archive_link'), ('grading_study', 'archive_in_frame'), ('grading_mri', 'archive_id'));
"""


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0034_codes_that_name_no_group'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        migrations.AddField(
            model_name='mri',
            name='archive_id',
            field=models.CharField(blank=True, db_default='', default='', help_text='Opaque: readers see it in the address of the archive’s page.', max_length=64, verbose_name='id in the archive'),
        ),
        migrations.AddField(
            model_name='study',
            name='archive_in_frame',
            field=models.BooleanField(db_default=True, default=True, help_text='One window for all cases, headed by the case’s code. If it stays empty, the archive forbids that: then untick this, and each press opens a new window.', verbose_name='show the archive within this site’s window'),
        ),
        migrations.AddField(
            model_name='study',
            name='archive_link',
            field=models.CharField(blank=True, db_default='', default='', help_text='An address of the archive that holds {code}, the case’s blind code, or {id}, the MRI’s id from the file below, such as https://pacs.example.org/viewer?StudyInstanceUIDs={id}. Empty: no link.', max_length=500, verbose_name='link to a case’s scan'),
        ),
        migrations.AddConstraint(
            model_name='mri',
            constraint=models.UniqueConstraint(condition=models.Q(('archive_id', ''), _negated=True), fields=('study', 'archive_id'), name='mri_archive_id_once'),
        ),
        migrations.AddConstraint(
            model_name='mri',
            constraint=models.CheckConstraint(condition=models.Q(('archive_id__regex', '^[A-Za-z0-9._~-]*$')), name='mri_archive_id'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('archive_link__regex', '^(https?://[^/?#{}]+/[^{}]*(\\{(code|id)\\}[^{}]*)+)?$')), name='study_archive_link'),
        ),
    ]
