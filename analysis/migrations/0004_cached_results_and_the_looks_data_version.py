"""Answers become cached results: a new table, for what is in the old one is computed again when somebody asks.

Looks name the data version of all of the study as what it is.
"""

import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("analysis", "0003_look_state"), ("grading", "0005_changes_and_lock")]

    operations = [
        migrations.DeleteModel("Answer"),
        migrations.CreateModel(
            "CachedResult",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data_version", models.CharField(max_length=64)),
                ("question", models.TextField()),
                (
                    "program",
                    models.CharField(
                        help_text="SHA-256 of the code and the library versions that computed it.", max_length=64
                    ),
                ),
                ("content", models.TextField(help_text="JSON; as text, so that the order of its keys is kept.")),
                ("computed_at", models.DateTimeField(auto_now_add=True)),
                ("seconds", models.FloatField(help_text="How long the computation took.")),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cached_results", to="grading.study"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        models.F("study"),
                        models.F("data_version"),
                        django.db.models.functions.text.MD5("question"),
                        models.F("program"),
                        name="result_once_per_question",
                    )
                ]
            },
        ),
        migrations.RenameField("look", "state", "study_data_version"),
        migrations.AlterField(
            "look",
            "study_data_version",
            models.CharField(help_text="Of all of the study, whatever the question.", max_length=64),
        ),
    ]
