"""Looks and frozen frames come under the trail. Of a frame it notes the SHA-256; the file itself is kept anyway."""

from django.db import migrations

from grading.trail.attaching import attach_trail


class Migration(migrations.Migration):
    dependencies = [
        ("analysis", "0001_answers_looks_and_frozen_frames"),
        ("grading", "0006_trail"),
    ]

    operations = [attach_trail("analysis_look"), attach_trail("analysis_frozenframe", without=["csv"])]
