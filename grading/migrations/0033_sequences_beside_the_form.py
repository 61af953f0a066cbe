"""A study chooses which sequence stands left and which right beside the form."""

from django.db import migrations, models

FORGOTTEN = """
DELETE FROM trail_column WHERE table_name = 'grading_study' AND column_name IN ('left_sequence', 'right_sequence');
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0032_calibration')]

    operations = [
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        migrations.AddField(
            model_name='study',
            name='left_sequence',
            field=models.CharField(blank=True, choices=[('STIR', 'STIR'), ('T1W', 'T1W'), ('T2FS', 'T2FS')], db_default='', default='', help_text='Where an MRI has it. Empty: STIR, or else T2FS.', max_length=4, verbose_name='sequence that stands left beside the form'),
        ),
        migrations.AddField(
            model_name='study',
            name='right_sequence',
            field=models.CharField(blank=True, choices=[('STIR', 'STIR'), ('T1W', 'T1W'), ('T2FS', 'T2FS')], db_default='', default='', help_text='Where an MRI has it. Empty: T1W.', max_length=4, verbose_name='sequence that stands right beside the form'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('left_sequence__in', ['', 'STIR', 'T1W', 'T2FS']), ('right_sequence__in', ['', 'STIR', 'T1W', 'T2FS'])), name='study_sequences'),
        ),
        migrations.AddConstraint(
            model_name='study',
            constraint=models.CheckConstraint(condition=models.Q(('left_sequence', ''), models.Q(('left_sequence', models.F('right_sequence')), _negated=True), _connector='OR'), name='study_two_sequences', violation_error_message='Choose another sequence here than on the left.'),
        ),
    ]
