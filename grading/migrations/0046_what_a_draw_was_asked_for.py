"""A draw of readers keeps in whose place and of which MRIs it was asked for. Of earlier ones nobody knows: none, all."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORGOTTEN = """
DELETE FROM trail_column WHERE table_name = 'grading_readerdraw'
    AND column_name IN ('in_place_of_id', 'graded_for_fat');
"""


class Migration(migrations.Migration):

    dependencies = [
        ("grading", "0045_consensus"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="readerdraw",
            name="in_place_of",
            field=models.ForeignKey(
                help_text="Then only of MRIs that this reader had in hand.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="readerdraw",
            name="graded_for_fat",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Only of MRIs of participants who were graded for fat.",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
    ]
