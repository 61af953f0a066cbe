"""A read whose code in a file was taken here keeps what the file calls it, so that the same file finds it again."""

import importlib

from django.db import migrations, models

files = importlib.import_module("grading.migrations.0026_codes_that_files_bring")

KEPT = """
CREATE OR REPLACE FUNCTION grading_give_code() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    NEW.code_in_file := '';
    IF NEW.code = '' OR NEW.imported_at IS NULL OR NEW.handed_out THEN
        NEW.code := grading_new_code(NEW.study_id);
    ELSIF NOT grading_code_is_free(NEW.study_id, NEW.code) THEN
        NEW.code_in_file := NEW.code;
        NEW.code := grading_new_code(NEW.study_id);
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER read_code_in_file_is_kept BEFORE UPDATE OF code_in_file ON grading_read
    FOR EACH ROW WHEN (OLD.code_in_file <> NEW.code_in_file) EXECUTE FUNCTION grading_keep_code();
"""
NOT_KEPT = f"""
DROP TRIGGER read_code_in_file_is_kept ON grading_read;
{files.KEPT}
DELETE FROM trail_column WHERE table_name = 'grading_read' AND column_name = 'code_in_file';
"""


class Migration(migrations.Migration):

    dependencies = [("grading", "0039_adjudication")]

    operations = [
        migrations.AddField(
            model_name="read",
            name="code_in_file",
            field=models.CharField(
                db_default="",
                editable=False,
                help_text="What the file that brought the read in called it, where that code was taken here.",
                max_length=12,
            ),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
