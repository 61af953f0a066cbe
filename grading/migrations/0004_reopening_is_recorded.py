"""A signed-off read goes back to draft only with a record of who opened it and why."""

from django.db import migrations

RECORDED = """
CREATE FUNCTION grading_check_reopening() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM grading_reopening
                   WHERE read_id = OLD.id AND signed_off_at = OLD.signed_off_at) THEN
        RAISE EXCEPTION 'A signed-off read is reopened with a reason, which is recorded.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_reopened_with_a_reason', TABLE = 'grading_read';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER read_reopened_with_a_reason AFTER UPDATE ON grading_read
    FOR EACH ROW WHEN (OLD.status = 'signed_off' AND NEW.status <> 'signed_off')
    EXECUTE FUNCTION grading_check_reopening();
"""
NOT_RECORDED = """
DROP TRIGGER read_reopened_with_a_reason ON grading_read;
DROP FUNCTION grading_check_reopening();
"""


class Migration(migrations.Migration):
    dependencies = [("grading", "0003_entries_pace_and_rereads")]

    operations = [migrations.RunSQL(RECORDED, NOT_RECORDED)]
