"""A study's readers may decide together where they differ, instead of an adjudicator: all of a case's, and none alone.

Who decides sees what others graded. So a case waits for every read of its MRI, and until no sign-off is taken back.
"""

import importlib

from django.db import migrations, models

adjudication = importlib.import_module("grading.migrations.0039_adjudication")
standing = importlib.import_module("grading.migrations.0042_decisions_that_stand")

_TOGETHER = """EXISTS (SELECT FROM grading_read AS another WHERE another.mri_id = cell.mri_id
                                                             AND CASE WHEN study.by_consensus
           THEN another.signed_off_at IS NULL
                OR another.handed_out
                   AND another.signed_off_at > statement_timestamp() - make_interval(mins => study.grace_minutes)
           ELSE another.occasion = 1 AND another.signed_off_at IS NULL END),
           CASE WHEN study.by_consensus THEN (
               SELECT coalesce(jsonb_agg(own.reader_id ORDER BY own.reader_id), '[]') FROM grading_read AS own
               JOIN grading_member AS member ON member.study_id = own.study_id AND member.user_id = own.reader_id
                                                AND member.role = 'reader' AND member.suspended_at IS NULL
               JOIN auth_user AS person ON person.id = own.reader_id AND person.is_active
               WHERE own.mri_id = cell.mri_id AND own.feature = cell.feature AND own.occasion = 1
                     AND own.signed_off_at IS NOT NULL) END"""
_STANDING = standing.DISCREPANCIES.replace("CREATE OR REPLACE FUNCTION", "CREATE FUNCTION")
_BEFORE, _AFTER = _STANDING.index("EXISTS (SELECT FROM grading_read"), _STANDING.index("\n    FROM cell LEFT JOIN")
_DROP = "DROP FUNCTION grading_discrepancies(uuid);"
FORMER_DISCREPANCIES = _DROP + _STANDING
DISCREPANCIES = _DROP + (
    (_STANDING[:_BEFORE] + _TOGETHER + _STANDING[_AFTER:])
    .replace("waits boolean\n", "waits boolean,\n    together jsonb\n")
    .replace("FROM cell LEFT JOIN", "FROM cell JOIN grading_study AS study ON study.id = of_study LEFT JOIN")
)

_BY_ADJUDICATOR = standing.ONCE[
    standing.ONCE.index("    IF acting <> NEW.decided_by_id") : standing.ONCE.index("    PERFORM FROM grading_read")
]
_BY_EITHER = """    SELECT by_consensus INTO is_together FROM grading_study WHERE id = NEW.study_id;
    IF is_together IS DISTINCT FROM (NEW.how = 'consensus') THEN
        PERFORM grading_refuse('adjudication_as_the_study_has_it',
                               'An adjudicator decides, or the readers together, as the study has it.', TG_TABLE_NAME);
    END IF;
    IF acting <> NEW.decided_by_id OR NOT is_together AND NOT EXISTS (
           SELECT FROM grading_member WHERE study_id = NEW.study_id AND user_id = NEW.decided_by_id
                                            AND role = 'adjudicator' AND suspended_at IS NULL) THEN
        PERFORM grading_refuse('adjudication_by_an_adjudicator',
                               'An adjudicator of the study decides, and nobody for them.', TG_TABLE_NAME);
    END IF;
"""
_ALL_OF_THEM = """    IF is_together AND (
           jsonb_array_length(NEW.present) < 2 OR NOT NEW.present @> to_jsonb(NEW.decided_by_id) OR NOT EXISTS (
           SELECT FROM grading_discrepancies(NEW.study_id) AS found
           WHERE found.mri_id = own.mri_id AND found.feature = own.feature AND found.together = NEW.present)) THEN
        PERFORM grading_refuse('adjudication_by_all_readers',
                               'All who read the case and are still readers decide together, two at least.',
                               TG_TABLE_NAME);
    END IF;
    RETURN NEW;
"""
FORMER_CHECK = standing.ONCE
CHECK = (
    standing.ONCE.replace(_BY_ADJUDICATOR, _BY_EITHER)
    .replace("    own record;\n", "    own record;\n    is_together boolean;\n")
    .replace("    RETURN NEW;\n", _ALL_OF_THEM)
)

# Who decided in a consensus was its reader before, and may be again.
_WAS_ADJUDICATOR = adjudication.BLIND[
    adjudication.BLIND.index("CREATE FUNCTION grading_was_adjudicator") : adjudication.BLIND.index(
        "CREATE FUNCTION grading_check_reader_graded_unseen"
    )
].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
WAS_ADJUDICATOR = _WAS_ADJUDICATOR.replace(
    "AND decided_by_id = person)", "AND decided_by_id = person AND how = 'adjudicator')"
)

LOCKED = """
CREATE TRIGGER study_settles_as_locked BEFORE UPDATE OF by_consensus ON grading_study
    FOR EACH ROW WHEN (OLD.locked_at IS NOT NULL AND OLD.by_consensus IS DISTINCT FROM NEW.by_consensus)
    EXECUTE FUNCTION grading_refuse_locked();
"""
FORGOTTEN = """
DROP TRIGGER study_settles_as_locked ON grading_study;
DELETE FROM trail_column WHERE table_name = 'grading_study' AND column_name = 'by_consensus'
    OR table_name = 'grading_adjudication' AND column_name IN ('how', 'present');
"""


class Migration(migrations.Migration):

    dependencies = [("grading", "0044_study_covariates")]

    operations = [
        migrations.AddField(
            model_name="study",
            name="by_consensus",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="At one screen, each with their own password of this site, once no read of the MRI is open. "
                "Else an adjudicator decides, who read none of it.",
                verbose_name="the readers of a case decide together, in a consensus reading",
            ),
        ),
        migrations.AddField(
            model_name="adjudication",
            name="how",
            field=models.CharField(
                choices=[("adjudicator", "Adjudicator"), ("consensus", "Consensus")],
                db_default="adjudicator",
                default="adjudicator",
                max_length=11,
            ),
        ),
        migrations.AddField(
            model_name="adjudication",
            name="present",
            field=models.JSONField(
                help_text="Of a consensus: the numbers of the accounts of all who decided, in their order.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="adjudication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("how", "adjudicator"), ("present", None)),
                    models.Q(("how", "consensus"), ("present__isnull", False)),
                    _connector="OR",
                ),
                name="adjudication_consensus_names_who_is_present",
            ),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, FORGOTTEN),
        migrations.RunSQL(DISCREPANCIES, FORMER_DISCREPANCIES),
        migrations.RunSQL(CHECK, FORMER_CHECK),
        migrations.RunSQL(WAS_ADJUDICATOR, _WAS_ADJUDICATOR),
        migrations.RunSQL(LOCKED, migrations.RunSQL.noop),
    ]
