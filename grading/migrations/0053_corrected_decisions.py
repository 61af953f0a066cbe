"""A decision that was wrong is corrected by another, which names the one that stands; both are kept, the last counts."""

import importlib

import django.db.models.deletion
from django.db import migrations, models

consensus = importlib.import_module("grading.migrations.0045_consensus")

FORMER_CHECK = consensus.CHECK
_DECIDED_ONCE = FORMER_CHECK[
    FORMER_CHECK.index("    IF EXISTS (SELECT FROM grading_discrepancies(NEW.study_id) AS found\n") : FORMER_CHECK.index(
        "    IF is_together AND ("
    )
]
# Whoever decides of the same MRI waits for the other: of two who correct one decision, the second finds another there.
_CORRECTED = """    IF EXISTS (SELECT FROM grading_discrepancies(NEW.study_id) AS found
               WHERE found.mri_id = own.mri_id AND found.feature = own.feature AND found.muscle = NEW.muscle
                     AND found.side = NEW.side
                     AND found.settled IS DISTINCT FROM NEW.corrects_id)
       OR EXISTS (SELECT FROM grading_adjudication AS former
                  WHERE former.case_id = NEW.case_id AND former.muscle = NEW.muscle AND former.side = NEW.side
                        AND former.number > NEW.number) THEN  -- for the highest counts
        PERFORM grading_refuse('adjudication_corrects_what_stands',
                               'What is decided already is decided again by a later decision alone, which names the one '
                               'that stands and corrects it; or where the reads changed.',
                               TG_TABLE_NAME);
    END IF;
"""
CHECK = FORMER_CHECK.replace(_DECIDED_ONCE, _CORRECTED)
FORGOTTEN = "DELETE FROM trail_column WHERE table_name = 'grading_adjudication' AND column_name = 'corrects_id';"


class Migration(migrations.Migration):

    dependencies = [("grading", "0052_counts_of_reads")]

    operations = [
        migrations.AddField(
            model_name="adjudication",
            name="corrects",
            field=models.OneToOneField(
                help_text="The decision that stood and was wrong. It is kept, and counts no more.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="correction",
                to="grading.adjudication",
            ),
        ),
        migrations.AlterField(
            model_name="adjudication",
            name="number",
            field=models.PositiveSmallIntegerField(
                help_text="From 1. Another follows where the reads changed since, or as a correction."
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        migrations.RunSQL(CHECK, FORMER_CHECK),
    ]
