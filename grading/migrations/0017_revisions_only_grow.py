"""A study's revision is counted with the owner's rights, so that nobody else can count it back to data of before."""

import django.db.models.deletion
from django.db import migrations, models

BY_THE_OWNER = """
ALTER FUNCTION grading_note_change(uuid[]) SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
"""
BY_ANYBODY = "ALTER FUNCTION grading_note_change(uuid[]) SECURITY INVOKER"


class Migration(migrations.Migration):

    dependencies = [('grading', '0016_imported_reads')]

    operations = [
        migrations.RunSQL(BY_THE_OWNER, BY_ANYBODY),
        migrations.AlterField(
            model_name='studychange',
            name='study',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='changes', to='grading.study'),
        ),
    ]
