"""A read that a file brings in keeps the blind code that it had where it was exported, if that is free here.

Any other read is given a code, whatever somebody asks for: a code that was chosen could tell its reader something.
"""

from django.db import migrations

KEPT = """
CREATE OR REPLACE FUNCTION grading_give_code() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.code = '' OR NEW.imported_at IS NULL OR NEW.handed_out
       OR NOT grading_code_is_free(NEW.study_id, NEW.code) THEN
        NEW.code := grading_new_code(NEW.study_id);
    END IF;
    RETURN NEW;
END $$;
"""
DRAWN = """
CREATE OR REPLACE FUNCTION grading_give_code() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.code := grading_new_code(NEW.study_id);
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):

    dependencies = [("grading", "0025_taking_a_sign_off_back")]

    operations = [migrations.RunSQL(KEPT, DRAWN)]
