"""Attempts on a worked study by somebody who has the password of the application's role; {signed} and so on are ids.

REFUSED ones PostgreSQL refuses, REPORTED ones `verify` tells of. Those that follow are taken in silence, and the site
takes no notice of what they put there.
"""

REFUSED = {
    # its own tables, functions, operators, casts and triggers
    "temporary table": "CREATE TEMPORARY TABLE grading_read (LIKE public.grading_read)",
    "temporary function": "CREATE FUNCTION pg_temp.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
    "temporary view": "CREATE TEMPORARY VIEW grading_reopening AS SELECT 1",
    "schema": "CREATE SCHEMA thighsite_app",
    "function": "CREATE FUNCTION public.sha256(bytea) RETURNS bytea LANGUAGE sql AS 'SELECT $1'",
    "function replaced": "CREATE OR REPLACE FUNCTION public.trail_hash(grading_trail) RETURNS text LANGUAGE sql "
                         "AS 'SELECT 1'",
    "operator": "CREATE OPERATOR public.= (LEFTARG = text, RIGHTARG = text, FUNCTION = texteq)",
    "cast": "CREATE CAST (text AS int) WITH INOUT AS IMPLICIT",
    "type": "CREATE TYPE public.own AS (x int)",
    "domain": "CREATE DOMAIN public.own AS text",
    "aggregate": "CREATE AGGREGATE public.max(uuid) (SFUNC = uuid_larger, STYPE = uuid)",
    "trigger": "CREATE TRIGGER own BEFORE INSERT ON grading_grade FOR EACH ROW "
               "EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "rule": "CREATE RULE own AS ON UPDATE TO grading_grade DO INSTEAD NOTHING",
    "policy": "CREATE POLICY own ON grading_trail USING (false)",
    "event trigger": "CREATE EVENT TRIGGER own ON ddl_command_start EXECUTE FUNCTION trail_refuse()",
    "extension": "CREATE EXTENSION plpython3u",
    # rules switched off, or changed
    "session_replication_role": "SET session_replication_role = replica",
    "session_replication_role by function": "SELECT set_config('session_replication_role', 'replica', false)",
    "trigger disabled": "ALTER TABLE grading_read DISABLE TRIGGER ALL",
    "trigger dropped": "DROP TRIGGER trail_update ON grading_read",
    "function's path": "ALTER FUNCTION trail_chain() SET search_path = pg_temp",
    "function's rights": "ALTER FUNCTION trail_chain() SECURITY INVOKER",
    "table altered": "ALTER TABLE grading_trail DROP COLUMN hash",
    "table dropped": "DROP TABLE grading_seal",
    "table emptied": "TRUNCATE grading_grade",
    # other roles
    "owner": "SET ROLE {owner}",
    "owner's session": "SET SESSION AUTHORIZATION {owner}",
    "rights": "GRANT ALL ON trail_key TO PUBLIC",
    "superuser": "ALTER ROLE {application} SUPERUSER",
    # the site's key, and what migrate alone writes
    "key read": "SELECT * FROM trail_key",
    "key read by function": "SELECT trail_is_vouched(1)",
    "key added": "INSERT INTO trail_key VALUES ('mine')",
    "key replaced": "UPDATE trail_key SET key = 'mine'",
    "key deleted": "DELETE FROM trail_key",
    "key copied out": "COPY trail_key TO STDOUT",
    "columns": "DELETE FROM trail_column",
    "columns added": "INSERT INTO trail_column VALUES ('grading_grade', 'mine')",
    "columns noted": "SELECT trail_note_rows('grading_read', 'id', ARRAY['comment'])",
    "grades noted": "SELECT trail_note_grades()",
    # the trail
    "record changed": "UPDATE grading_trail SET reason = 'x'",
    "record deleted": "DELETE FROM grading_trail",
    "record added": "INSERT INTO grading_trail SELECT * FROM grading_trail LIMIT 1",
    "record merged": "MERGE INTO grading_trail USING grading_study ON true WHEN MATCHED THEN DELETE",
    "seal changed": "UPDATE grading_seal SET hash = ''",
    "unblinded forgotten": "DELETE FROM grading_unblinded",
    # what is signed
    "signed grade": "UPDATE grading_grade SET score = 3 WHERE read_id = '{signed}'",
    "signed grade deleted": "DELETE FROM grading_grade WHERE read_id = '{signed}'",
    "signed comment": "UPDATE grading_read SET comment = 'x' WHERE id = '{signed}'",
    "pace of a signed read": "UPDATE grading_read SET active_seconds = 0 WHERE id = '{signed}'",
    "signed read deleted": "DELETE FROM grading_read WHERE id = '{signed}'",
    "signed read assigned anew": "UPDATE grading_read SET reader_id = (SELECT id FROM auth_user WHERE username = "
                                 "'bob') WHERE id = '{signed}'",
    "sign-off taken back": "UPDATE grading_read SET status = 'draft', signed_off_at = NULL, signed_off_by_id = NULL, "
                           "sign_off_meaning = '' WHERE id = '{signed}'",
    "reopening changed": "UPDATE grading_reopening SET reason = 'x'",
    "reopening deleted": "DELETE FROM grading_reopening",
    "participant of a signed read deleted": "DELETE FROM grading_participant WHERE code = 'P1'",
    # what the site asks of the database
    "revision counted back": "DELETE FROM grading_studychange",
    "revision counted on": "INSERT INTO grading_studychange (study_id, transaction) VALUES ('{study}', 1)",
    "counts of reads": "UPDATE grading_readcount SET number = 0",
    "count of reads added": "INSERT INTO grading_readcount (study_id, reader_id, block, status, number) "
                            "SELECT study_id, reader_id, 0, 'draft', 1 FROM grading_read",
    "counts of reads forgotten": "DELETE FROM grading_readcount",
    "revision of another": "UPDATE grading_studychange SET study_id = gen_random_uuid()",
    "permission made another": "UPDATE auth_permission SET codename = 'own' WHERE codename = 'view_session'",
    "permission's table made another": "UPDATE django_content_type SET model = 'own' WHERE model = 'session'",
    # jobs
    "job deleted": "DELETE FROM jobs_job",
    "job done again": "UPDATE jobs_job SET state = 'waiting', ended_at = NULL",
    "job's number freed": "UPDATE jobs_job SET id = gen_random_uuid()",
    "actor that is none": "SELECT set_config('thighsite.actor', 'ann', true); UPDATE grading_study SET title = 'x'",
}  # fmt: skip

AS_ANN = "SELECT set_config('thighsite.actor', (SELECT id::text FROM auth_user WHERE username = 'ann'), true);"
AS_CARL = "SELECT set_config('thighsite.actor', (SELECT id::text FROM auth_user WHERE username = 'carl'), true);"
WHY = "SELECT set_config('thighsite.reason', 'typing slip', true);"
FORGED_REOPENING = (
    "INSERT INTO grading_reopening (id, reopened_at, reason, signed_off_at, grades, read_id, reopened_by_id) "
    "SELECT gen_random_uuid(), now(), 'wrong thigh', signed_off_at, '[]', id, "
    "(SELECT id FROM auth_user WHERE username = 'carl') FROM grading_read WHERE id = '{signed}';"
)
UNSIGN = (
    "UPDATE grading_read SET status = 'draft', signed_off_at = NULL, signed_off_by_id = NULL, sign_off_meaning = '' "
    "WHERE id = '{signed}';"
)
SIGN_AS_BEFORE = (
    "UPDATE grading_read SET status = 'signed_off', signed_off_by_id = reader_id, "
    "sign_off_meaning = 'I graded this scan; these grades are final.', signed_off_at = "
    "(SELECT signed_off_at FROM grading_reopening WHERE read_id = '{signed}') WHERE id = '{signed}';"
)
CHANGE = "UPDATE grading_grade SET score = 3, version = version + 1 WHERE read_id = '{signed}' AND muscle = 'VL';"

REPORTED = {
    "group altered": (
        f"{WHY} UPDATE grading_participant SET group_id = (SELECT id FROM grading_diagnosisgroup WHERE code = 'DM') "
        "WHERE code = 'P1'", "participant P1: changed by somebody who is not the site",
    ),
    "group altered in a coordinator's name": (
        f"{AS_CARL} {WHY} UPDATE grading_participant SET group_id = "
        "(SELECT id FROM grading_diagnosisgroup WHERE code = 'DM') WHERE code = 'P1'",
        "participant P1: changed in the name of carl, by somebody else",
    ),
    "groups exchanged": (
        f"{AS_CARL} {WHY} UPDATE grading_diagnosisgroup SET code = 'X' WHERE code = 'DM'",
        "diagnosis group X: changed in the name of carl",
    ),
    "code altered": (
        f"{AS_CARL} {WHY} UPDATE grading_participant SET code = 'P9' WHERE code = 'P1'",
        "participant P9: changed in the name of carl",
    ),
    "MRI moved": (
        f"{WHY} UPDATE grading_mri SET days_since_first_mri = 30, "
        "participant_id = (SELECT id FROM grading_participant WHERE code = 'P2') WHERE code = 'M4'",
        "MRI M4 of participant P2: changed by somebody who is not the site",
    ),
    "participant added": (
        "INSERT INTO grading_participant SELECT (jsonb_populate_record(own, jsonb_build_object("
        "'id', gen_random_uuid(), 'code', 'P5'))).* FROM grading_participant AS own WHERE code = 'P1'",
        "participant P5: changed by somebody who is not the site",
    ),
    "grade in a reader's name": (
        f"{AS_ANN} UPDATE grading_grade SET score = 3, version = 9 WHERE read_id = '{{draft}}' AND muscle = 'VL'",
        "P3, M3, ann, edema: changed in the name of ann, by somebody else",
    ),
    "grade with its entry": (
        f"{AS_ANN} INSERT INTO grading_entry (read_id, muscle, side, score, not_assessable, version, key, entered_at) "
        "VALUES ('{draft}', 'VL', 'both', 3, false, 2, gen_random_uuid(), now()); UPDATE grading_grade SET score = 3, "
        "version = 2 WHERE read_id = '{draft}' AND muscle = 'VL'", "P3, M3, ann, edema: changed in the name of ann",
    ),
    "entry alone": (
        "INSERT INTO grading_entry (read_id, muscle, side, score, not_assessable, version, key, entered_at) "
        "VALUES ('{draft}', 'VL', 'both', 3, false, 2, gen_random_uuid(), now())",
        "P3, M3, ann, edema: not what was entered last: VL",
    ),
    "entry changed": (
        f"{WHY} UPDATE grading_entry SET score = 0 WHERE read_id = '{{draft}}'",
        "P3, M3, ann, edema: changed by somebody",
    ),
    "sign-off in a reader's name": (
        f"{AS_ANN} INSERT INTO grading_grade "
        "(read_id, muscle, side, score, not_assessable, version, entered_at, changed_at) "
        "SELECT '{draft}', muscle, 'both', 1, false, 1, now(), now() FROM grading_grade WHERE read_id = '{signed}' "
        "ON CONFLICT DO NOTHING; "
        "UPDATE grading_read SET status = 'signed_off', signed_off_by_id = reader_id, signed_off_at = now(), "
        "sign_off_meaning = 'I graded this scan; these grades are final.' WHERE id = '{draft}'",
        "P3, M3, ann, edema: changed in the name of ann",
    ),
    "reopening forged": (
        FORGED_REOPENING + UNSIGN, "P1, M1, ann, edema: reopened in the name of carl, by somebody else",
    ),
    "reopening forged in the coordinator's name": (
        AS_CARL + WHY + FORGED_REOPENING + UNSIGN, "P1, M1, ann, edema: reopened in the name of carl, by somebody else",
    ),
    "un-signed, changed and signed again at the old time": (
        AS_ANN + FORGED_REOPENING + UNSIGN + CHANGE + SIGN_AS_BEFORE,
        "P1, M1, ann, edema: changed in the name of ann, by somebody else",
    ),
    "assigned read deleted": (
        f"{WHY} DELETE FROM grading_read WHERE id = '{{assigned}}'",
        "P4, M4, ann, edema: changed by somebody who is not the site",
    ),
    "begun read deleted": (
        f"{AS_CARL} {WHY} DELETE FROM grading_entry WHERE read_id = '{{draft}}'; "
        "DELETE FROM grading_grade WHERE read_id = '{draft}'; DELETE FROM grading_read WHERE id = '{draft}'",
        "P3, M3, ann, edema: changed in the name of carl",
    ),
    "imported read passed off as handed out": (
        "INSERT INTO grading_read (id, study_id, mri_id, reader_id, feature, sequence, pairing_confirmed, occasion, "
        "comment, status, assigned_at, active_seconds, handed_out, sign_off_meaning, signature) SELECT "
        "gen_random_uuid(), study_id, mri_id, reader_id, 'fat', 'T1W', false, 1, '', 'assigned', now(), 0, true, '', "
        "'' FROM grading_read WHERE id = '{imported}'", "P1, M1, bob, fat: changed by somebody who is not the site",
    ),
    "member added": (
        "INSERT INTO grading_member (id, study_id, user_id, role) SELECT gen_random_uuid(), '{study}', id, "
        "'coordinator' FROM auth_user WHERE username = 'stranger'",
        "member stranger: changed by somebody who is not the site",
    ),
    "reader made investigator": (
        f"{WHY} UPDATE grading_member SET role = 'investigator' WHERE user_id = "
        "(SELECT id FROM auth_user WHERE username = 'idle')", "member idle: changed by somebody who is not the site",
    ),
    "member suspended": (
        f"{WHY} UPDATE grading_member SET suspended_at = now() WHERE user_id = "
        "(SELECT id FROM auth_user WHERE username = 'ann')", "member ann: changed by somebody who is not the site",
    ),
    "participant withdrawn": (
        f"{AS_CARL} {WHY} UPDATE grading_participant SET withdrawn_at = now(), withdrawn_by_id = "
        "(SELECT id FROM auth_user WHERE username = 'carl') WHERE code = 'P4'",
        "participant P4: changed in the name of carl, by somebody else",
    ),
    "study locked": (
        f"{AS_CARL} UPDATE grading_study SET locked_at = now(), locked_by_id = "
        "(SELECT id FROM auth_user WHERE username = 'carl')", "study worked: changed in the name of carl",
    ),
    "unlock asked for in a coordinator's name": (
        f"{AS_CARL} UPDATE grading_study SET locked_at = now(), locked_by_id = (SELECT id FROM auth_user WHERE "
        "username = 'carl'); INSERT INTO grading_unlock (id, study_id, locked_at, reason, asked_at, asked_by_id) "
        "SELECT gen_random_uuid(), id, locked_at, 'by mistake', now(), locked_by_id FROM grading_study",
        "unlock ",
    ),
    "password of another": (
        "UPDATE auth_user SET password = '!' WHERE username = 'ann'",
        "account ann: changed by somebody who is not the site",
    ),
    "site admin": (
        "UPDATE auth_user SET is_superuser = true WHERE username = 'carl'", "account carl: changed by somebody",
    ),
    "site admin who is no member": (
        "UPDATE auth_user SET is_superuser = true WHERE username = 'stranger'; "
        "UPDATE auth_user SET is_superuser = false WHERE username = 'stranger'",
        "account stranger: changed by somebody who is not the site",
    ),
    "passkey of another": (
        "INSERT INTO mfa_authenticator (user_id, type, data, created_at) "
        "SELECT id, 'webauthn', '{{}}', now() FROM auth_user WHERE username = 'carl'",
        "second factor of carl: changed by somebody who is not the site",
    ),
    "second factor moved": (
        "UPDATE mfa_authenticator SET user_id = (SELECT id FROM auth_user WHERE username = 'carl')",
        "second factor of carl: changed by somebody who is not the site",
    ),
    "second factor taken off": (
        "DELETE FROM mfa_authenticator", "second factor of iris: changed by somebody who is not the site",
    ),
    "app's key made another": (
        "UPDATE mfa_authenticator SET data = '{{}}'", "second factor of iris: changed by somebody who is not the site",
    ),
    "group of accounts": (
        "INSERT INTO auth_group (name) VALUES ('own')", "group own: changed by somebody who is not the site",
    ),
    "permission of an account": (
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) "
        "SELECT id, (SELECT min(id) FROM auth_permission) FROM auth_user WHERE username = 'carl'",
        "of carl: changed by somebody who is not the site",
    ),
    "study's settings": (
        f"{AS_CARL} UPDATE grading_study SET password_at_sign_off = false, wash_out_days = 0",
        "study worked: changed in the name of carl",
    ),
    # settings
    "search path": (
        f"SET search_path = pg_temp, public; {AS_ANN} UPDATE public.grading_read SET comment = 'x' "
        "WHERE id = '{draft}'",
        "P3, M3, ann, edema: changed in the name of ann",
    ),
    "time zone and digits": (
        f"SET TimeZone = 'Asia/Kathmandu'; SET extra_float_digits = -15; SET DateStyle = 'SQL, DMY'; {WHY} "
        "UPDATE grading_participant SET ck_u_per_l = 1234.5678 WHERE code = 'P1'",
        "participant P1: changed by somebody",
    ),
    "name of the program": (
        f"SET application_name = 'site'; {AS_ANN} UPDATE grading_read SET comment = 'x' WHERE id = '{{draft}}'",
        "P3, M3, ann, edema: changed in the name of ann, by somebody else: site as",
    ),
    "in a block": (
        "DO $$ BEGIN PERFORM set_config('thighsite.actor', (SELECT id::text FROM auth_user WHERE username = 'ann'), "
        "true); UPDATE grading_read SET comment = 'x' WHERE id = '{draft}'; END $$",
        "P3, M3, ann, edema: changed in the name of ann",
    ),
    "proof guessed": (
        f"SELECT set_config('thighsite.proof', repeat('0', 64), true); {AS_ANN} "
        "UPDATE grading_read SET comment = 'x' WHERE id = '{draft}'", "P3, M3, ann, edema: changed in the name of ann",
    ),
    "proof that was seen in another session": (
        "{proof}; UPDATE grading_read SET comment = 'x' WHERE id = '{draft}'",
        "P3, M3, ann, edema: changed in the name of ann, by somebody else",
    ),
}  # fmt: skip

COPIED_SESSION = (
    "INSERT INTO django_session (session_key, session_data, expire_date) "
    "SELECT '{own}', session_data, expire_date FROM django_session"
)
UNLISTED_SESSIONS = "DELETE FROM usersessions_usersession"
PICKLED_TRIES = "UPDATE sign_in_throttle SET value = '{pickled}'"
OTHER_RESULTS = {
    "of other numbers": "UPDATE analysis_cachedresult SET content = regexp_replace(content, '\\d', '9', 'g')",
    "of another question": "UPDATE analysis_cachedresult AS own SET (content, proof) = (SELECT content, proof "
                           "FROM analysis_cachedresult AS other WHERE own.id <> other.id)",
    "of another version": "UPDATE analysis_cachedresult SET data_version = repeat('0', 64), content = "
                          "regexp_replace(content, '\\d', '9', 'g'); UPDATE analysis_dataversion SET sha256 = "
                          "repeat('0', 64)",
}  # fmt: skip
EARLIER_RESULTS = {
    "results": "INSERT INTO analysis_cachedresult (study_id, data_version, question, program, content, computed_at, "
               "seconds, proof) VALUES (%s, %s, %s, %s, %s, now(), 1, %s)",
    "version": "UPDATE analysis_dataversion SET (sha256, proof) = (%s, %s)",
}  # fmt: skip

# A job that waits, in whoever's name: each is put where a coordinator has started one.
OTHER_JOBS = {
    "of other arguments": 'UPDATE jobs_job SET arguments = \'{"names": ["forged"]}\'',
    "of another kind": "UPDATE jobs_job SET kind = 'make-groups-once'",
    "for another study": "UPDATE jobs_job SET study_id = gen_random_uuid()",
    "in another's name": "UPDATE jobs_job SET started_by_id = (SELECT id FROM auth_user WHERE username = 'iris')",
    "of another key": "UPDATE jobs_job SET key = 'another'",
    "that nobody started": "UPDATE jobs_job SET id = '{own}'",
}
