"""A settled discrepancy is decided once, × beside a score is a difference where any is, and a frozen charter stays so.

What is decided changes what may be compared: it counts as a change of the study, and its rule stays once locked.
"""

import importlib

from django.db import migrations, models

adjudication = importlib.import_module("grading.migrations.0039_adjudication")
charter = importlib.import_module("grading.migrations.0037_charter")

BY_SCORES_ALONE = adjudication.DISCREPANCIES.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
DISCREPANCIES = BY_SCORES_ALONE.replace(
    "FROM grading_study WHERE id = of_study)\n    )",
    """FROM grading_study WHERE id = of_study)
               -- Where any difference is one, so is "not assessable" beside a score.
               OR count(grade.score) BETWEEN 1 AND count(*) - 1
               AND (SELECT adjudicates_from FROM grading_study WHERE id = of_study) = 1
    )""",
)

# Whoever decides of the same MRI waits for the other, and then finds what they decided.
_CHECK = adjudication.RULES[
    adjudication.RULES.index("CREATE FUNCTION grading_check_adjudication()") : adjudication.RULES.index(
        "CREATE TRIGGER adjudication_is_kept"
    )
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
ONCE = _CHECK.replace("ORDER BY id FOR SHARE;", "ORDER BY id FOR NO KEY UPDATE;").replace(
    "    RETURN NEW;\n",
    """    IF EXISTS (SELECT FROM grading_discrepancies(NEW.study_id) AS found
               WHERE found.mri_id = own.mri_id AND found.feature = own.feature AND found.muscle = NEW.muscle
                     AND found.side = NEW.side AND found.settled IS NOT NULL) THEN
        PERFORM grading_refuse('adjudication_of_what_is_open',
                               'This was decided already: another decision follows where the reads changed.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
""",
)

# Of a read that is gone the trail tells, and of its MRI and participant, where they are gone, too.
BEGAN = """
CREATE FUNCTION grading_reading_began_at(of_study uuid) RETURNS timestamptz LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    WITH begun AS (
        SELECT own.mri_id, coalesce(own.opened_at, own.first_entry_at, own.imported_at, own.signed_off_at,
                                    own.assigned_at) AS at
        FROM grading_read AS own
        WHERE own.study_id = of_study AND (own.opened_at IS NOT NULL OR own.status <> 'assigned')
        UNION ALL
        SELECT (told.before->>'mri_id')::uuid,
               coalesce(told.before->>'opened_at', told.before->>'first_entry_at', told.before->>'imported_at',
                        told.before->>'signed_off_at', told.before->>'assigned_at')::timestamptz
        FROM grading_trail AS told
        WHERE told.study_id = of_study AND told.table_name = 'grading_read' AND told.operation = 'delete'
              AND (told.before->>'opened_at' IS NOT NULL OR told.before->>'status' <> 'assigned')
    ), of_participant AS (
        SELECT begun.at, coalesce(
            (SELECT participant_id FROM grading_mri WHERE id = begun.mri_id),
            (SELECT (before->>'participant_id')::uuid FROM grading_trail
             WHERE table_name = 'grading_mri' AND key = begun.mri_id::text AND operation = 'delete' AND read_id IS NULL
             LIMIT 1)) AS participant_id
        FROM begun
    )
    SELECT min(at) FROM of_participant
    WHERE NOT coalesce(
        (SELECT is_calibration FROM grading_participant WHERE id = of_participant.participant_id),
        (SELECT (before->>'is_calibration')::boolean FROM grading_trail
         WHERE table_name = 'grading_participant' AND key = of_participant.participant_id::text
               AND operation = 'delete' AND read_id IS NULL LIMIT 1),
        false)
$$;
CREATE OR REPLACE FUNCTION grading_check_charter() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM grading_refuse('charter_is_kept', 'A version of a charter stays as it was written.', TG_TABLE_NAME);
    ELSIF grading_reading_began_at(NEW.study_id) IS NOT NULL THEN
        PERFORM grading_refuse('charter_before_reading', 'A read was opened: the charter stays as it was.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
END $$;
"""
BEGAN_AS_READS_ARE = (
    charter.RULES[: charter.RULES.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    + "DROP FUNCTION grading_reading_began_at(uuid);"
)

NOTED = """
CREATE TRIGGER adjudication_changes AFTER INSERT ON grading_adjudication
    FOR EACH ROW EXECUTE FUNCTION grading_note_change_of_row();
CREATE TRIGGER study_adjudicates_as_locked BEFORE UPDATE OF adjudicates_from ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND OLD.adjudicates_from IS DISTINCT FROM NEW.adjudicates_from)
    EXECUTE FUNCTION grading_refuse_locked();
"""
NOT_NOTED = """
DROP TRIGGER study_adjudicates_as_locked ON grading_study;
DROP TRIGGER adjudication_changes ON grading_adjudication;
"""


class Migration(migrations.Migration):

    dependencies = [("grading", "0041_readers_drawn")]

    operations = [
        migrations.AlterField(
            model_name="study",
            name="adjudicates_from",
            field=models.PositiveSmallIntegerField(
                blank=True,
                choices=[(2, "2 or more apart"), (1, "any difference"), (None, "none")],
                db_default=2,
                default=2,
                help_text="Of first reads of one MRI by two readers or more, muscle by muscle. “Not assessable” beside "
                "a score is a difference, but none of 2.",
                null=True,
                verbose_name="differences that are adjudicated",
            ),
        ),
        migrations.RunSQL(DISCREPANCIES, BY_SCORES_ALONE),
        migrations.RunSQL(ONCE, _CHECK),
        migrations.RunSQL(BEGAN, BEGAN_AS_READS_ARE),
        migrations.RunSQL(NOTED, NOT_NOTED),
    ]
