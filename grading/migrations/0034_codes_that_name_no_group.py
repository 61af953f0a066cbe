"""No blind code is drawn that has the code of one of the study's groups in it: a reader would take C3DM for a case of DM.

A group's code of one character names nothing inside another code, and would leave few letters to draw from.
"""

from django.db import migrations

_RULE = """
CREATE OR REPLACE FUNCTION grading_new_code(of_study uuid) RETURNS text LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    drawn text;
BEGIN
    FOR attempt IN 8..24 LOOP
        drawn := grading_draw_code(attempt / 2);
        IF grading_code_is_free(of_study, drawn){names_no_group} THEN
            RETURN drawn;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'No blind code is free in the study.';
END $$;
"""
WITHOUT_GROUPS = _RULE.format(
    names_no_group="""
           AND NOT EXISTS (SELECT FROM grading_diagnosisgroup
                           WHERE study_id = of_study AND length(code) > 1 AND strpos(drawn, upper(code)) > 0)"""
)
BEFORE = _RULE.format(names_no_group="")


class Migration(migrations.Migration):

    dependencies = [("grading", "0033_sequences_beside_the_form")]

    operations = [migrations.RunSQL(WITHOUT_GROUPS, BEFORE)]
