"""Looks count the states of all of the study's data. Each of before saw a state of its own."""

from django.db import migrations, models
from django.db.models import F


def as_seen(apps, schema_editor):
    apps.get_model("analysis", "Look").objects.update(state=F("data_version"))


class Migration(migrations.Migration):
    dependencies = [("analysis", "0002_looks_and_frames_in_the_trail")]

    operations = [
        migrations.AlterField(
            "look", "data_version", models.CharField(help_text="Of the rows that the comparison was made of.", max_length=64)
        ),
        migrations.AddField(
            "look", "state", models.CharField(default="", help_text="Data version of all of the study.", max_length=64),
            preserve_default=False,
        ),
        migrations.RunPython(as_seen, migrations.RunPython.noop),
    ]
