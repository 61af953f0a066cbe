"""An index that holds what progress counts, so that counting looks at no row of the table of reads."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("grading", "0042_decisions_that_stand")]

    operations = [
        migrations.AddIndex(
            model_name="read",
            index=models.Index(
                fields=["study", "reader", "status"],
                include=("id", "mri", "handed_out", "signed_off_at"),
                name="read_progress",
            ),
        ),
    ]
