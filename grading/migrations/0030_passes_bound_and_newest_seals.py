"""Records of a read and of its grades bind what was entered of it and how long it took; the newest seal stands twice.

Entries, versions, times and reading times have no records of their own, for each save would cost one more. So the record
that a save leaves anyway carries a SHA-256 of all of them: `entered`. Where files change reading times alone, that is a
record now. A last seal that is taken out is missed before anything comes after it.
"""

from importlib import import_module

from django.db import migrations, models

SEALS = import_module("grading.migrations.0022_counted_seals_and_digests")

# Kept when migrated back, or records of the meantime would not be what their hash says when it is migrated again.
COLUMN = "ALTER TABLE grading_trail ADD COLUMN IF NOT EXISTS entered text NOT NULL DEFAULT ''"

# By the indexes: the plan that was made while the tables were empty reads all of them, and is kept through an import.
HASHED = """
CREATE FUNCTION grading_digest_of_pass(passed uuid) RETURNS text LANGUAGE sql STABLE SET enable_seqscan = off AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        first_entry_at, last_entry_at, active_seconds,
        (SELECT jsonb_agg(jsonb_build_array(id, muscle, side, score, not_assessable, version, key, entered_at)
                          ORDER BY id) FROM grading_entry WHERE read_id = passed),
        (SELECT jsonb_agg(jsonb_build_array(id, muscle, side, version, entered_at, changed_at) ORDER BY id)
         FROM grading_grade WHERE read_id = passed)
    )::text, 'UTF8')), 'hex')
    FROM grading_read WHERE id = passed
$$;
CREATE OR REPLACE FUNCTION trail_hash(record grading_trail) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to((jsonb_build_array(
        CASE WHEN record.entered <> '' THEN 'thighsite record 3'
             WHEN record.seals IS NOT NULL THEN 'thighsite record 2' ELSE 'thighsite record 1' END,
        record.previous, record.id,
        to_char(record.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), record.transaction, record.study_id,
        record.read_id, record.table_name, record.key, record.operation, record.actor_id, record.vouched, record.reason,
        record.source, record.db_role, record.before, record.after
    ) || CASE WHEN record.seals IS NULL THEN '[]' ELSE jsonb_build_array(record.seals) END
      || CASE record.entered WHEN '' THEN '[]' ELSE jsonb_build_array(record.entered) END)::text, 'UTF8')), 'hex')
$$;
CREATE OR REPLACE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.vouched := trail_is_vouched(NEW.actor_id);
    IF NEW.study_id IS NOT NULL THEN
        SELECT coalesce(max(number), 0) INTO NEW.seals FROM grading_seal WHERE study_id = NEW.study_id;
    END IF;
    IF NEW.table_name = 'grading_grade' OR NEW.table_name = 'grading_read' AND (
        NEW.operation = 'insert' OR NEW.after ?| ARRAY['first_entry_at', 'last_entry_at', 'active_seconds']) THEN
        NEW.entered := coalesce(grading_digest_of_pass(NEW.read_id), '');
    END IF;
    IF NEW.read_id IS NOT NULL THEN
        SELECT hash INTO NEW.previous FROM grading_trail WHERE read_id = NEW.read_id ORDER BY id DESC LIMIT 1;
    ELSE
        SELECT hash INTO NEW.previous FROM grading_trail
        WHERE read_id IS NULL AND table_name = NEW.table_name AND key = NEW.key ORDER BY id DESC LIMIT 1;
    END IF;
    NEW.previous := coalesce(NEW.previous, '');
    NEW.hash := trail_hash(NEW);
    RETURN NEW;
END $$;
"""
AS_BEFORE = SEALS.HASHED + SEALS.CHAINED + "DROP FUNCTION grading_digest_of_pass(uuid);"

# Of a read that was handed out, reading times change with entries alone, whose grades are noted.
PACE_NOTED = """
CREATE FUNCTION grading_note_pace() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO grading_trail (at, study_id, read_id, table_name, key, operation, actor_id, reason, source, db_role,
                               before, after)
    SELECT clock_timestamp(), NEW.study_id, NEW.id, 'grading_read', NEW.id, 'update',
           nullif(current_setting('thighsite.actor', true), '')::int,
           coalesce(current_setting('thighsite.reason', true), ''), current_setting('application_name'), session_user,
           jsonb_object_agg(name, was->name), jsonb_object_agg(name, became->name)
    FROM to_jsonb(OLD) AS was, to_jsonb(NEW) AS became, unnest(TG_ARGV) AS name
    WHERE was->name IS DISTINCT FROM became->name;
    RETURN NULL;
END $$;
CREATE TRIGGER read_imported_notes_pace AFTER UPDATE ON grading_read FOR EACH ROW
    WHEN (NOT NEW.handed_out AND (OLD.first_entry_at, OLD.last_entry_at, OLD.active_seconds)
                                 IS DISTINCT FROM (NEW.first_entry_at, NEW.last_entry_at, NEW.active_seconds))
    EXECUTE FUNCTION grading_note_pace('first_entry_at', 'last_entry_at', 'active_seconds');
"""
NOT_NOTED = """
DROP TRIGGER read_imported_notes_pace ON grading_read;
DROP FUNCTION grading_note_pace();
"""

SEALED = """
CREATE FUNCTION grading_note_newest_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    INSERT INTO grading_newestseal (study_id, number, hash) VALUES (NEW.study_id, NEW.number, NEW.hash)
    ON CONFLICT (study_id) DO UPDATE SET number = excluded.number, hash = excluded.hash;
    RETURN NULL;
END $$;
CREATE TRIGGER seal_noted_as_newest AFTER INSERT ON grading_seal
    FOR EACH ROW EXECUTE FUNCTION grading_note_newest_seal();
INSERT INTO grading_newestseal (study_id, number, hash)
SELECT DISTINCT ON (study_id) study_id, number, hash FROM grading_seal ORDER BY study_id, number DESC;
"""
NOT_SEALED = """
DROP TRIGGER seal_noted_as_newest ON grading_seal;
DROP FUNCTION grading_note_newest_seal();
"""


class Migration(migrations.Migration):

    dependencies = [("grading", "0029_stacks")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(COLUMN, migrations.RunSQL.noop)],
            state_operations=[
                migrations.AddField(
                    model_name="trailrecord",
                    name="entered",
                    field=models.TextField(
                        db_default="",
                        help_text="Of a record of grades, or of reading times: SHA-256 of all that was entered of the read by then, and of its reading times. Empty in any other, and before these were bound.",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(HASHED, AS_BEFORE),
        migrations.RunSQL(PACE_NOTED, NOT_NOTED),
        migrations.CreateModel(
            name="NewestSeal",
            fields=[
                ("study", models.OneToOneField(db_constraint=False, on_delete=models.deletion.DO_NOTHING, primary_key=True, related_name="+", serialize=False, to="grading.study")),
                ("number", models.PositiveIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
        ),
        migrations.RunSQL(SEALED, NOT_SEALED),
    ]
