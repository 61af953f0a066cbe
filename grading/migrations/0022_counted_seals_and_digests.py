"""Records say how many seals there were, a sign-off what entries it is of, and PostgreSQL by which keys it knows the site.

So seals that are gone are missed, entries of a signed read are bound to the time, and `verify` sees a key that is not the
site's. What `migrate` notes of the program in the database, it stores in `trail_program` (thighsite/postgres/program.py).
"""

from django.db import migrations, models

from grading.migrations import _0015_chain as chain

# Records of before, and those of no study, are hashed as they were.
HASHED = """
CREATE OR REPLACE FUNCTION trail_hash(record grading_trail) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to((jsonb_build_array(
        CASE WHEN record.seals IS NULL THEN 'thighsite record 1' ELSE 'thighsite record 2' END,
        record.previous, record.id,
        to_char(record.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), record.transaction, record.study_id,
        record.read_id, record.table_name, record.key, record.operation, record.actor_id, record.vouched, record.reason,
        record.source, record.db_role, record.before, record.after
    ) || CASE WHEN record.seals IS NULL THEN '[]' ELSE jsonb_build_array(record.seals) END)::text, 'UTF8')), 'hex')
$$;
"""
CHAINED = """
CREATE OR REPLACE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.vouched := trail_is_vouched(NEW.actor_id);
    IF NEW.study_id IS NOT NULL THEN
        SELECT coalesce(max(number), 0) INTO NEW.seals FROM grading_seal WHERE study_id = NEW.study_id;
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
_HASH, _CHAIN = chain.CHAINED.split("CREATE FUNCTION")[1:]
AS_BEFORE = "".join(
    f"CREATE OR REPLACE FUNCTION{text.partition('CREATE TRIGGER')[0]}" for text in (_HASH, _CHAIN)
)

# To PostgreSQL a print is of no use: what proves that somebody is the site is made with the key itself.
KNOWN = """
CREATE FUNCTION trail_key_prints() RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT coalesce(array_agg(encode(sha256(convert_to(key, 'UTF8')), 'hex') ORDER BY key), '{}') FROM trail_key
$$;
CREATE TABLE trail_program (name text PRIMARY KEY, proof text NOT NULL);
"""
NOT_KNOWN = """
DROP TABLE trail_program;
DROP FUNCTION trail_key_prints();
"""

# Entries are their own records, and nobody signs for them. What was entered when is noted once, with the sign-off.
DIGESTED = """
CREATE FUNCTION grading_digest_of_entries(signed uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('entries', count(*), 'sha256', encode(sha256(convert_to(concat(
        jsonb_agg(jsonb_build_array(muscle, side, score, not_assessable, version, key, entered_at) ORDER BY id),
        (SELECT jsonb_agg(jsonb_build_array(muscle, side, version, entered_at, changed_at)
                          ORDER BY muscle COLLATE "C", side COLLATE "C") FROM grading_grade WHERE read_id = signed)
    ), 'UTF8')), 'hex'))
    FROM grading_entry WHERE read_id = signed
$$;
CREATE FUNCTION grading_note_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    digest jsonb := grading_digest_of_entries(NEW.id);
BEGIN
    IF digest->'entries' <> '0' THEN
        INSERT INTO grading_trail (at, study_id, read_id, table_name, key, operation, actor_id, reason, source, db_role,
                                   after)
        VALUES (clock_timestamp(), NEW.study_id, NEW.id, 'grading_entry', NEW.id, 'insert',
                nullif(current_setting('thighsite.actor', true), '')::int,
                coalesce(current_setting('thighsite.reason', true), ''), current_setting('application_name'),
                session_user, digest);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER read_signed_off_notes_entries AFTER UPDATE OF status ON grading_read
    FOR EACH ROW WHEN (OLD.status <> 'signed_off' AND NEW.status = 'signed_off' AND NEW.handed_out)
    EXECUTE FUNCTION grading_note_entries();
"""
NOT_DIGESTED = """
DROP TRIGGER read_signed_off_notes_entries ON grading_read;
DROP FUNCTION grading_note_entries();
DROP FUNCTION grading_digest_of_entries(uuid);
"""


class Migration(migrations.Migration):

    dependencies = [('grading', '0021_groups_and_accounts')]

    operations = [
        migrations.AddField(
            model_name='trailrecord',
            name='seals',
            field=models.PositiveIntegerField(help_text='How many seals the study had; unknown before they were counted, and in records of no study.', null=True),
        ),
        migrations.RunSQL(HASHED + CHAINED, AS_BEFORE),
        migrations.RunSQL(KNOWN, NOT_KNOWN),
        migrations.RunSQL(DIGESTED, NOT_DIGESTED),
    ]
