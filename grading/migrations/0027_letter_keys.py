"""Whether a reader's letters are keys of the grading page: somebody who dictates switches them off, for good."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("grading", "0026_codes_that_files_bring"),
    ]

    operations = [
        migrations.AddField(
            model_name="member",
            name="letter_keys",
            field=models.BooleanField(
                db_default=True,
                default=True,
                editable=False,
                help_text="Of a reader: whether letters and signs are keys of the grading page on their own, without "
                "Alt.",
            ),
        ),
    ]
