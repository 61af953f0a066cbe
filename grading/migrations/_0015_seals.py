"""The SQL of migration 0015 that seals a study's trail.

A seal covers the records that were committed when it was made, its own transaction's included, and which those were can
be told for ever: by the numbers of transactions (`snapshot`), up to a last record. Nobody waits: what is committed later,
whatever its number, is for the next seal.

In a database that was restored elsewhere, transactions are counted anew. Records of before are then there although their
transactions, by number, have not begun: up to the last of them all are `settled`. So are those before an earlier seal,
once every transaction is over that could have been open when that was made: if its own transaction began with it, those
have smaller numbers than its own (`horizon`).
"""

SEALED = """
CREATE FUNCTION grading_seal_covers(seal grading_seal, record bigint, of_transaction bigint) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT record <= seal.last_record AND (
        record <= seal.settled_record OR of_transaction = seal.transaction
        OR pg_visible_in_snapshot(of_transaction::text::xid8, seal.snapshot::pg_snapshot)
    )
$$;
CREATE FUNCTION grading_seal_hash(seal grading_seal, digest text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(jsonb_build_array(
        'thighsite seal 1', seal.previous, seal.study_id, seal.number,
        to_char(seal.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), seal.records, seal.last_record,
        seal.settled_record, seal.snapshot, seal.transaction, seal.horizon, digest
    )::text, 'UTF8')), 'hex')
$$;
CREATE FUNCTION grading_make_seal(sealed uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
DECLARE
    begins_with_it boolean := pg_current_xact_id_if_assigned() IS NULL;
    own bigint := pg_current_xact_id_if_assigned()::text::bigint;
    last grading_seal;
    seal grading_seal;
    digest text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('thighsite seal ' || sealed, 0));  -- against other seals alone
    SELECT * INTO last FROM grading_seal WHERE study_id = sealed ORDER BY number DESC LIMIT 1;
    WITH now AS MATERIALIZED (
        SELECT pg_current_snapshot() AS snapshot
    ), candidate AS MATERIALIZED (
        SELECT id, hash, transaction,
               transaction IS NOT DISTINCT FROM own OR pg_visible_in_snapshot(transaction::text::xid8, snapshot) AS is_over
        FROM grading_trail CROSS JOIN now
        WHERE study_id = sealed AND id > coalesce(last.settled_record, 0)
    ), settled AS (
        SELECT greatest(
            coalesce(last.settled_record, 0), (SELECT max(id) FROM candidate WHERE NOT is_over),
            (SELECT last.last_record FROM now WHERE pg_snapshot_xmin(snapshot)::text::bigint > last.horizon)
        ) AS record
    ), new AS (
        SELECT id, hash FROM candidate CROSS JOIN settled
        WHERE (is_over OR id <= record)
              AND (last.id IS NULL OR NOT grading_seal_covers(last, candidate.id, candidate.transaction))
    )
    SELECT now.snapshot, settled.record, (SELECT count(*) FROM new),
           greatest(last.last_record, (SELECT max(id) FROM new)),
           (SELECT encode(sha256(convert_to(string_agg(hash, '' ORDER BY id), 'UTF8')), 'hex') FROM new)
    INTO seal.snapshot, seal.settled_record, seal.records, seal.last_record, digest
    FROM now CROSS JOIN settled;
    IF seal.records = 0 THEN
        RETURN;
    END IF;
    seal.study_id := sealed;
    seal.number := coalesce(last.number, 0) + 1;
    seal.at := clock_timestamp();
    seal.transaction := pg_current_xact_id()::text::bigint;
    seal.horizon := CASE WHEN begins_with_it THEN seal.transaction END;
    seal.previous := coalesce(last.hash, '');
    INSERT INTO grading_seal (study_id, number, at, records, last_record, settled_record, snapshot, transaction, horizon,
                              previous, hash)
    VALUES (seal.study_id, seal.number, seal.at, seal.records, seal.last_record, seal.settled_record, seal.snapshot,
            seal.transaction, seal.horizon, seal.previous, grading_seal_hash(seal, digest));
END $$;
"""
NOT_SEALED = """
DROP FUNCTION grading_make_seal(uuid);
DROP FUNCTION grading_seal_hash(grading_seal, text);
DROP FUNCTION grading_seal_covers(grading_seal, bigint, bigint);
"""

KEPT = """
CREATE FUNCTION grading_keep_seal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Seals of the trail are only added to.'
        USING ERRCODE = 'insufficient_privilege', CONSTRAINT = 'seal_is_kept', TABLE = 'grading_seal';
END $$;
CREATE TRIGGER seal_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON grading_seal
    FOR EACH STATEMENT EXECUTE FUNCTION grading_keep_seal();
"""
NOT_KEPT = """
DROP TRIGGER seal_is_kept ON grading_seal;
DROP FUNCTION grading_keep_seal();
"""
