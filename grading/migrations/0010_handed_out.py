"""Which reads the site handed out itself, so that no file changes them; and which a file brought in.

A read is handed out unless a file brings it in; and from the moment that its reader opens it or enters something, or
that it is reopened. It stays handed out, and whether a file brought it in is settled when it is made.
"""

from django.db import migrations, models

HANDED_OUT = """
CREATE FUNCTION grading_hand_out() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.imported_at IS DISTINCT FROM OLD.imported_at THEN
        RAISE EXCEPTION 'Whether and when a file brought a read in is settled when the read is made.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'read_import_is_settled', TABLE = 'grading_read';
    END IF;
    NEW.handed_out := OLD.handed_out OR NEW.handed_out
        OR NEW.last_active_at IS DISTINCT FROM OLD.last_active_at
        OR (OLD.status = 'signed_off' AND NEW.status <> 'signed_off');
    RETURN NEW;
END $$;
-- A save of a grade writes last_active_at: of a read that is handed out already it costs a comparison, not a call.
CREATE TRIGGER read_is_handed_out BEFORE UPDATE OF last_active_at, status, handed_out, imported_at ON grading_read
    FOR EACH ROW WHEN (NOT (OLD.handed_out AND NEW.handed_out AND NEW.imported_at IS NOT DISTINCT FROM OLD.imported_at))
    EXECUTE FUNCTION grading_hand_out();
"""
NOT_HANDED_OUT = """
DROP TRIGGER read_is_handed_out ON grading_read;
DROP FUNCTION grading_hand_out();
"""

# What a file made, as the trail tells; a file also gave imported_at to reads that had been assigned, and filled them.
# Of reads from before there was a trail: only a file wrote imported_at first and the read right after.
FILLED = """
ALTER TABLE grading_read DISABLE TRIGGER read_signed_off_is_frozen;
UPDATE grading_read AS own SET handed_out = false
WHERE imported_at IS NOT NULL AND last_active_at IS NULL
    AND NOT EXISTS (SELECT FROM grading_entry WHERE read_id = own.id)
    AND NOT EXISTS (SELECT FROM grading_reopening WHERE read_id = own.id)
    AND (assigned_at >= imported_at
         OR EXISTS (SELECT FROM grading_trail
                    WHERE read_id = own.id AND table_name = 'grading_read' AND operation = 'insert'
                          AND after ? 'imported_at'));
ALTER TABLE grading_read ENABLE TRIGGER read_signed_off_is_frozen;
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0009_blinding')]

    operations = [
        migrations.AddField(
            model_name='read',
            name='handed_out',
            field=models.BooleanField(default=True, editable=False, help_text='Its reader got it on this site: assigned, opened or reopened. No file changes it from then on.'),
        ),
        migrations.AlterField(
            model_name='read',
            name='imported_at',
            field=models.DateTimeField(blank=True, help_text='When a file brought the read in. Never set or changed afterwards.', null=True),
        ),
        migrations.AddConstraint(
            model_name='read',
            constraint=models.CheckConstraint(condition=models.Q(('handed_out', True), ('imported_at__isnull', False), _connector='OR'), name='read_is_handed_out_or_imported'),
        ),
        migrations.RunSQL(FILLED, migrations.RunSQL.noop),
        migrations.RunSQL(HANDED_OUT, NOT_HANDED_OUT),
    ]
