"""The SQL of migration 0015 that chains the trail's records and tells whether the site vouches for them."""

# What `migrate` stores: keys by which PostgreSQL knows the site, which the application's role cannot read; and which
# columns the trail has come to watch.
TABLES = """
CREATE TABLE trail_key (key text PRIMARY KEY);
CREATE TABLE trail_column (
    table_name text NOT NULL,
    column_name text NOT NULL,
    PRIMARY KEY (table_name, column_name)
);
REVOKE ALL ON trail_key FROM PUBLIC;
"""
NO_TABLES = """
DROP TABLE trail_column;
DROP TABLE trail_key;
"""

# thighsite/acting.py proves with every write that it is the site. When the session began makes its number unique: else
# a proof that somebody saw could be used once the number comes again. Of another role's session that is shown to
# superusers and members of pg_read_all_stats alone, and the owner need be neither: then the number has to do.
VOUCHED = """
CREATE FUNCTION trail_session() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER AS $$
    SELECT concat_ws(' ', pg_backend_pid(), extract(epoch FROM backend_start))
    FROM pg_stat_get_activity(pg_backend_pid())
$$;
CREATE FUNCTION trail_is_vouched(actor int) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(nullif(current_setting('thighsite.proof', true), '') IN (
        SELECT encode(sha256(convert_to(concat(session, ' ', actor, ' ', key), 'UTF8')), 'hex')
        FROM trail_key CROSS JOIN trail_session() AS session
    ), false)
$$;
"""
NOT_VOUCHED = """
DROP FUNCTION trail_is_vouched(int);
DROP FUNCTION trail_session();
"""

# A chain is a read's, since whatever changes a read holds its lock; of anything else it is the row's. Where two sessions
# add to one chain at a time, both records name the same predecessor: a fork, which is no gap.
CHAINED = """
CREATE FUNCTION trail_hash(record grading_trail) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        'thighsite record 1', record.previous, record.id,
        to_char(record.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), record.transaction, record.study_id,
        record.read_id, record.table_name, record.key, record.operation, record.actor_id, record.vouched, record.reason,
        record.source, record.db_role, record.before, record.after
    )::text, 'UTF8')), 'hex')
$$;
CREATE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.transaction := pg_current_xact_id()::text::bigint;
    NEW.vouched := trail_is_vouched(NEW.actor_id);
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
CREATE TRIGGER trail_is_chained BEFORE INSERT ON grading_trail FOR EACH ROW EXECUTE FUNCTION trail_chain();
"""
NOT_CHAINED = """
DROP TRIGGER trail_is_chained ON grading_trail;
DROP FUNCTION trail_chain();
DROP FUNCTION trail_hash(grading_trail);
"""

# Records from before are of transaction 0, which no transaction is, and nobody can say whether the site made them.
FILLED = """
ALTER TABLE grading_trail DISABLE TRIGGER trail_is_kept;
DO $do$
DECLARE
    record grading_trail;
    chain text := '';
    of_record text;
    last text;
BEGIN
    FOR record IN SELECT * FROM grading_trail ORDER BY coalesce(read_id::text, concat(table_name, ' ', key)), id LOOP
        of_record := coalesce(record.read_id::text, concat(record.table_name, ' ', record.key));
        record.previous := CASE WHEN of_record = chain THEN last ELSE '' END;
        last := trail_hash(record);
        chain := of_record;
        UPDATE grading_trail SET previous = record.previous, hash = last WHERE id = record.id;
    END LOOP;
END $do$;
ALTER TABLE grading_trail ENABLE TRIGGER trail_is_kept;
"""

# Which tables the trail watches stands in its triggers, so that a later table is played back by itself.
WATCHED = r"""
CREATE FUNCTION trail_watched()
RETURNS TABLE (table_name text, key_column text, left_out text[], hidden text[], inserts boolean)
LANGUAGE sql STABLE AS $$
    SELECT relname::text, arguments[1], arguments[2]::text[], arguments[3]::text[],
           EXISTS (SELECT FROM pg_trigger AS other WHERE other.tgrelid = pg_class.oid AND other.tgname = 'trail_insert')
    FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid,
         LATERAL string_to_array(encode(tgargs, 'escape'), '\000') AS arguments
    WHERE tgname = 'trail_update' AND relnamespace = 'public'::regnamespace
$$;
"""
NOT_WATCHED = "DROP FUNCTION trail_watched();"

# When `migrate` first meets a table or a column, what is stored there and no record tells yet is noted: rows from before
# the trail, and what a migration gave to rows that were there. So the trail, played back, ends at all that is stored.
NOTED = """
CREATE FUNCTION trail_note_grades() RETURNS void LANGUAGE sql AS $$
    WITH told AS (
        SELECT DISTINCT read_id, cell FROM grading_trail, LATERAL jsonb_object_keys(coalesce(after, before)) AS cell
        WHERE table_name = 'grading_grade'
    ), stored AS (
        SELECT read_id, CASE side WHEN 'both' THEN muscle ELSE muscle || ' ' || side END AS cell,
               CASE WHEN not_assessable THEN '"not assessable"' ELSE to_jsonb(score) END AS grade
        FROM grading_grade
    )
    INSERT INTO grading_trail (at, study_id, read_id, table_name, key, operation, reason, source, db_role, after)
    SELECT clock_timestamp(), study_id, read_id, 'grading_grade', read_id, 'insert',
           'Noted as it stood when the trail came to watch it.', current_setting('application_name'), session_user,
           jsonb_object_agg(cell, grade)
    FROM stored JOIN grading_read ON grading_read.id = read_id
    WHERE NOT EXISTS (SELECT FROM told WHERE told.read_id = stored.read_id AND told.cell = stored.cell)
    GROUP BY study_id, read_id
$$;
CREATE FUNCTION trail_note_rows(watched text, key_column text, columns text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format($sql$
        WITH told AS (
            SELECT key, array_agg(DISTINCT name) AS names
            FROM grading_trail LEFT JOIN LATERAL jsonb_object_keys(after) AS name ON true
            WHERE table_name = %1$L GROUP BY key
        ), stored AS (
            SELECT whole, told.key IS NULL AS is_new, (
                SELECT jsonb_object_agg(name, value) FROM jsonb_each(whole) AS cell (name, value)
                WHERE name = ANY ($1) AND value <> 'null' AND name <> ALL (coalesce(told.names, '{}'))
            ) AS untold
            FROM (SELECT to_jsonb(stored) FROM %1$I AS stored) AS stored (whole)
            LEFT JOIN told ON told.key = whole->>%2$L
        )
        INSERT INTO grading_trail (at, study_id, read_id, table_name, key, operation, reason, source, db_role, after)
        SELECT clock_timestamp(),
               CASE WHEN %1$L = 'grading_study' THEN (whole->>'id')::uuid
                    WHEN whole ? 'study_id' THEN (whole->>'study_id')::uuid
                    WHEN whole ? 'read_id' THEN
                        (SELECT study_id FROM grading_read WHERE id = (whole->>'read_id')::uuid)
               END,
               CASE WHEN %1$L = 'grading_read' THEN (whole->>'id')::uuid ELSE (whole->>'read_id')::uuid END,
               %1$L, whole->>%2$L, 'insert', 'Noted as it stood when the trail came to watch it.',
               current_setting('application_name'), session_user, coalesce(untold, '{}')
        FROM stored WHERE is_new OR untold IS NOT NULL
    $sql$, watched, key_column) USING columns;
END $$;
CREATE FUNCTION trail_note_columns() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    new record;
BEGIN
    FOR new IN
        SELECT watched.table_name, key_column, array_agg(column_name) AS columns
        FROM new_rows JOIN trail_watched() AS watched USING (table_name) GROUP BY watched.table_name, key_column
    LOOP
        IF new.table_name <> 'grading_grade' THEN
            PERFORM trail_note_rows(new.table_name, new.key_column, new.columns);
        ELSIF NOT EXISTS (SELECT FROM trail_column
                          WHERE table_name = 'grading_grade' AND column_name <> ALL (new.columns)) THEN
            PERFORM trail_note_grades();
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER trail_notes_columns AFTER INSERT ON trail_column REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION trail_note_columns();
"""
NOT_NOTED = """
DROP TRIGGER trail_notes_columns ON trail_column;
DROP FUNCTION trail_note_columns();
DROP FUNCTION trail_note_rows(text, text, text[]);
DROP FUNCTION trail_note_grades();
"""
