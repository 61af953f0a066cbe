"""Archives with the scans of many MRIs are kept as uploads while they are read and looked over."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('grading', '0035_archive_link'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='upload',
            name='upload_what',
        ),
        migrations.AlterField(
            model_name='upload',
            name='what',
            field=models.CharField(choices=[('participants', 'participants'), ('grades', 'grades'), ('scans', 'scans')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='upload',
            constraint=models.CheckConstraint(condition=models.Q(('what__in', ['participants', 'grades', 'scans'])), name='upload_what'),
        ),
    ]
