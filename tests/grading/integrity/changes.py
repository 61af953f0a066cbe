"""Changes of each kind to a worked study, each with what `verify` says of it: as SQL, by whoever rules the server."""

SIGNED = "P1, M1, ann, edema"
IMPORTED = "P1, M1, bob, edema"
DRAFT = "P3, M3, ann, edema"

# name: (statement, what `verify` says); {signed} and so on stand for ids.
CHANGES = {
    # calibration
    "reference grade": (
        "UPDATE grading_referencegrade SET score = 2 WHERE muscle = 'VL'",
        "changed without a record in the trail: score (1 → 2)",
    ),
    "reference grade deleted": ("DELETE FROM grading_referencegrade WHERE muscle = 'VL'", "gone without a record"),
    "reader admitted": (
        "INSERT INTO grading_admission (id, study_id, user_id, at, reason) "
        "SELECT gen_random_uuid(), study_id, reader_id, now(), '' FROM grading_read WHERE id = '{signed}'",
        "stored without a record in the trail",
    ),
    "participant no longer for calibration": (
        "UPDATE grading_participant SET is_calibration = false WHERE code = 'P5'",
        "changed without a record in the trail",
    ),
    # the charter
    "charter": (
        "UPDATE grading_charter SET analysis = 'Whatever is significant.'",
        "changed without a record in the trail: planned analysis",
    ),
    # reads
    "counts of reads": (
        "UPDATE grading_readcount SET number = number + 1", "ann: the counts that the database keeps are not those",
    ),
    "signed read deleted": ("DELETE FROM grading_read WHERE id = '{signed}'", f"{SIGNED}: gone without a record"),
    "all reads of a reader deleted": (
        "DELETE FROM grading_read WHERE reader_id = (SELECT id FROM auth_user WHERE username = 'ann')",
        f"{SIGNED}: gone without a record",
    ),
    "assigned read deleted": ("DELETE FROM grading_read WHERE id = '{assigned}'", "P4, M4, ann, edema: gone"),
    "read added": (
        "INSERT INTO grading_read (id, study_id, mri_id, reader_id, feature, sequence, pairing_confirmed, occasion, "
        "comment, status, assigned_at, active_seconds, handed_out, sign_off_meaning, signature, code) "
        "SELECT gen_random_uuid(), study_id, mri_id, reader_id, feature, sequence, false, 2, '', 'assigned', now(), 0, "
        "true, '', '', 'K7PDX' FROM grading_read WHERE id = '{signed}'",
        f"{SIGNED}, occasion 2: stored without a record in the trail",
    ),
    "sequence of a signed read": (
        "UPDATE grading_read SET sequence = 'T2FS' WHERE id = '{signed}'", f"{SIGNED}: not what was signed",
    ),
    "feature of a draft": (
        "UPDATE grading_read SET feature = 'fat', pairing_confirmed = true WHERE id = '{draft}'",
        "P3, M3, ann, fat: changed without a record in the trail: feature (edema → fatty infiltration)",
    ),
    "MRI of a signed read": (
        "UPDATE grading_read SET mri_id = (SELECT id FROM grading_mri WHERE code = 'M4'), occasion = 2 "
        "WHERE id = '{signed}'",
        "P4, M4, ann, edema, occasion 2: not what was signed",
    ),
    "reader of a signed read": (
        "UPDATE grading_read SET (reader_id, signed_off_by_id, occasion) = (SELECT id, id, 2 FROM auth_user "
        "WHERE username = 'bob') WHERE id = '{signed}'", "P1, M1, bob, edema, occasion 2: not what was signed",
    ),
    "time of a sign-off": (
        "UPDATE grading_read SET signed_off_at = signed_off_at + interval '1 s' WHERE id = '{signed}'",
        f"{SIGNED}: not what was signed",
    ),
    "time of an imported sign-off": (
        "UPDATE grading_read SET signed_off_at = '2021-01-01Z' WHERE id = '{imported}'",
        f"{IMPORTED}: not what was signed",
    ),
    "meaning of a sign-off": (
        "UPDATE grading_read SET sign_off_meaning = 'Perhaps.' WHERE id = '{signed}'", f"{SIGNED}: not what was signed",
    ),
    "sign-off taken away": (
        "UPDATE grading_read SET status = 'draft', signed_off_at = NULL, signed_off_by_id = NULL, "
        "sign_off_meaning = '', signature = '' WHERE id = '{signed}'",
        f"{SIGNED}: changed without a record in the trail: status (signed off → draft)",
    ),
    "sign-off given": (
        "UPDATE grading_read SET status = 'signed_off', signed_off_at = now(), signed_off_by_id = reader_id, "
        "sign_off_meaning = 'I graded this scan; these grades are final.', signature = repeat('0', 64) "
        "WHERE id = '{draft}'", f"{DRAFT}: not what was signed",
    ),
    "imported read passed off as signed here": (
        "UPDATE grading_read SET handed_out = true WHERE id = '{imported}'", f"{IMPORTED}: not what was signed",
    ),
    "position in the order": (
        "UPDATE grading_read SET position = 77 WHERE id = '{signed}'", f"{SIGNED}: changed without a record",
    ),
    "blind code of a signed read": (
        "UPDATE grading_read SET code = 'K7PDX' WHERE id = '{signed}'",
        f"{SIGNED}: changed without a record in the trail: blind code (",
    ),
    # comments
    "comment of a signed read": (
        "UPDATE grading_read SET comment = 'Nothing.' WHERE id = '{signed}'", f"{SIGNED}: not what was signed",
    ),
    "comment of an imported read": (
        "UPDATE grading_read SET comment = '' WHERE id = '{imported}'", f"{IMPORTED}: not what was signed",
    ),
    "comment of a draft": (
        "UPDATE grading_read SET comment = 'New.' WHERE id = '{draft}'",
        f"{DRAFT}: changed without a record in the trail: comment (nothing → New.)",
    ),
    # pace
    **{
        f"pace: {column}": (
            f"UPDATE grading_read SET {column} = {value} WHERE id = '{{signed}}'", f"{SIGNED}: not what was signed",
        )
        for column, value in {
            "opened_at": "opened_at - interval '1 hour'", "first_entry_at": "NULL",
            "last_entry_at": "last_entry_at + interval '1 second'", "active_seconds": "active_seconds + 1",
        }.items()
    },
    # grades
    "grade of a signed read": (
        "UPDATE grading_grade SET score = 3 WHERE read_id = '{signed}' AND muscle = 'VL'",
        f"{SIGNED}: changed without a record in the trail: VL",
    ),
    "grade of a draft": (
        "UPDATE grading_grade SET score = 3 WHERE read_id = '{draft}' AND muscle = 'VM'",
        f"{DRAFT}: changed without a record in the trail: VM",
    ),
    "grade deleted": (
        "DELETE FROM grading_grade WHERE read_id = '{imported}' AND muscle = 'SA'",
        f"{IMPORTED}: changed without a record in the trail: SA",
    ),
    "grade added": (
        "INSERT INTO grading_grade (study_id, read_id, muscle, side, score, not_assessable, version, entered_at, "
        "changed_at) SELECT study_id, id, 'GR', 'both', 2, false, 1, now(), now() FROM grading_read "
        "WHERE id = '{assigned}'",
        "P4, M4, ann, edema: changed without a record in the trail: GR",
    ),
    "study of a grade": (
        "UPDATE grading_grade SET study_id = gen_random_uuid() WHERE read_id = '{draft}' AND muscle = 'VM'",
        f"{DRAFT}: a grade or an entry of it names another study",
    ),
    "entry changed": (
        "UPDATE grading_entry SET score = 0 WHERE read_id = '{draft}' AND muscle = 'VL'",
        f"{DRAFT}: not what was entered last: VL",
    ),
    # entries, versions, times
    "entries of a signed read deleted": (
        "DELETE FROM grading_entry WHERE read_id = '{signed}'", f"{SIGNED}: its entries are not those that made",
    ),
    "an earlier entry deleted": (
        "DELETE FROM grading_entry WHERE read_id = '{reopened}' AND muscle = 'VL' AND version = 1",
        "P2, M2, ann, edema: its entries are not those that made its grades: VL",
    ),
    "score of an earlier entry": (
        "UPDATE grading_entry SET score = 0 WHERE read_id = '{reopened}' AND muscle = 'VL' AND version = 1",
        "P2, M2, ann, edema: its entries are not those that made its grades: VL",
    ),
    "an entry between": (
        "UPDATE grading_entry SET version = 3 WHERE read_id = '{reopened}' AND version = 2; "
        "INSERT INTO grading_entry (study_id, read_id, muscle, side, score, not_assessable, version, key, entered_at) "
        "SELECT study_id, read_id, muscle, side, 0, false, 2, gen_random_uuid(), entered_at FROM grading_entry "
        "WHERE read_id = '{reopened}' AND version = 1",
        "P2, M2, ann, edema: its entries are not those that made its grades",
    ),
    "an entry of an equal grade": (
        "INSERT INTO grading_entry (study_id, read_id, muscle, side, score, not_assessable, version, key, entered_at) "
        "SELECT study_id, id, 'VL', 'both', 1, false, 2, gen_random_uuid(), now() FROM grading_read "
        "WHERE id = '{signed}'",
        f"{SIGNED}: its entries are not those that made its grades: VL",
    ),
    "last entry of a muscle at another time": (
        "UPDATE grading_entry SET entered_at = entered_at - interval '1 day' WHERE read_id = '{reopened}' "
        "AND muscle = 'VL' AND version = 2", "P2, M2, ann, edema: version or times are not those of the entries: VL",
    ),
    "entries later than they came": (
        "UPDATE grading_entry SET entered_at = entered_at + interval '1 day' WHERE read_id = '{draft}'",
        f"{DRAFT}: its entries are not those that made its grades: VI, VL, VM",
    ),
    "entries of a signed read at other times": (
        "UPDATE grading_entry SET entered_at = entered_at - interval '1 minute' WHERE read_id = '{reopened}' "
        "AND version = 1", "P2, M2, ann, edema: its entries are not those of the sign-off",
    ),
    "an earlier entry of a draft at an earlier time": (
        "UPDATE grading_entry SET entered_at = entered_at - interval '1 minute' WHERE read_id = '{draft}' "
        "AND muscle = 'VI' AND version = 1",
        f"{DRAFT}: its entries, or a version or time of them, are not those of its last change",
    ),
    "an entry of a draft at an earlier place": (
        "UPDATE grading_entry SET id = id - 100000 WHERE read_id = '{draft}' AND muscle = 'VM'",
        f"{DRAFT}: its entries, or a version or time of them, are not those of its last change",
    ),
    "version of an imported grade": (
        "UPDATE grading_grade SET version = 2 WHERE read_id = '{imported}' AND muscle = 'VL'",
        f"{IMPORTED}: its entries, or a version or time of them, are not those of its last change",
    ),
    "times of an imported grade": (
        "UPDATE grading_grade SET entered_at = entered_at - interval '1 day' WHERE read_id = '{imported}'",
        f"{IMPORTED}: its entries, or a version or time of them, are not those of its last change",
    ),
    "shorter reading time of a draft": (
        "UPDATE grading_read SET active_seconds = active_seconds / 2 WHERE id = '{draft}'",
        f"{DRAFT}: its entries, or a version or time of them, are not those of its last change",
    ),
    "request of an entry": (
        "UPDATE grading_entry SET key = gen_random_uuid() WHERE read_id = '{signed}'",
        f"{SIGNED}: its entries are not those of the sign-off",
    ),
    "version of a grade": (
        "UPDATE grading_grade SET version = 9 WHERE read_id = '{signed}' AND muscle = 'VL'",
        f"{SIGNED}: version or times are not those of the entries: VL",
    ),
    "times of a grade": (
        "UPDATE grading_grade SET entered_at = now() - interval '9 days', changed_at = now() WHERE read_id = '{draft}'",
        f"{DRAFT}: version or times are not those of the entries: VI, VL, VM",
    ),
    "both times of a grade": (
        "UPDATE grading_grade SET entered_at = now() - interval '9 days', changed_at = now() - interval '9 days' "
        "WHERE read_id = '{draft}'", f"{DRAFT}: version or times are not those of the entries",
    ),
    "pace of a draft": (
        "UPDATE grading_read SET active_seconds = 7200 WHERE id = '{draft}'", f"{DRAFT}: its reading times are none",
    ),
    "first entry of a draft": (
        "UPDATE grading_read SET first_entry_at = first_entry_at - interval '3 hours' WHERE id = '{draft}'",
        f"{DRAFT}: its reading times are none",
    ),
    "last entry of a draft": (
        "UPDATE grading_read SET last_entry_at = last_entry_at + interval '3 hours' WHERE id = '{draft}'",
        f"{DRAFT}: its reading times are none",
    ),
    "pace forgotten": (
        "UPDATE grading_read SET first_entry_at = NULL WHERE id = '{draft}'", f"{DRAFT}: its reading times are none",
    ),
    # participants, groups, MRIs
    "code of a participant": (
        "UPDATE grading_participant SET code = 'P9' WHERE code = 'P1'",
        "participant P9: changed without a record in the trail: code (P1 → P9)",
    ),
    "group of a participant": (
        "UPDATE grading_participant SET group_id = (SELECT id FROM grading_diagnosisgroup WHERE code = 'DM') "
        "WHERE code = 'P1'", "participant P1: changed without a record in the trail: group (IMNM → DM)",
    ),
    "clinical value": (
        "UPDATE grading_participant SET age_years = 55 WHERE code = 'P1'",
        "participant P1: changed without a record in the trail: age years (41 → 55)",
    ),
    "participant added": (
        "INSERT INTO grading_participant SELECT (jsonb_populate_record(own, jsonb_build_object("
        "'id', gen_random_uuid(), 'code', 'P7'))).* FROM grading_participant AS own WHERE code = 'P1'",
        "participant P7: stored without a record in the trail",
    ),
    "participant deleted": (
        "DELETE FROM grading_participant WHERE code = 'P4'", "participant P4: gone without a record in the trail",
    ),
    "code of a group": (
        "UPDATE grading_diagnosisgroup SET code = 'MD' WHERE code = 'DM'",
        "diagnosis group MD: changed without a record in the trail: code (DM → MD)",
    ),
    "reference group": (
        "UPDATE grading_diagnosisgroup SET is_reference = false WHERE code = 'IMNM'",
        "diagnosis group IMNM: changed without a record in the trail: reference (yes → no)",
    ),
    "group deleted": ("DELETE FROM grading_diagnosisgroup WHERE code = 'DM'", "diagnosis group DM: gone without"),
    "MRI given to another participant": (
        "UPDATE grading_mri SET participant_id = (SELECT id FROM grading_participant WHERE code = 'P2') "
        "WHERE code = 'M1'", "MRI M1 of participant P2: changed without a record in the trail: participant (P1 → P2)",
    ),
    "days since the first MRI": (
        "UPDATE grading_mri SET days_since_first_mri = 30 WHERE code = 'M1'",
        "MRI M1 of participant P1: changed without a record in the trail: days since first mri (0 → 30)",
    ),
    "MRI deleted": ("DELETE FROM grading_mri WHERE code = 'M4'", "MRI M4 of participant P4: gone without a record"),
    # stacks
    "stack approved by nobody": (
        "UPDATE grading_stack SET approved_at = now(), approved_by_id = (SELECT max(id) FROM auth_user)",
        "STIR stack of MRI M4 of participant P4: changed without a record in the trail: approved at (nothing → ",
    ),
    "stack said to be another's": (
        "UPDATE grading_stack SET mri_id = (SELECT id FROM grading_mri WHERE code = 'M1')",
        "STIR stack of MRI M1 of participant P1: changed without a record in the trail: MRI (M4 → M1)",
    ),
    "geometry of a stack": (
        "UPDATE grading_stack SET geometry = jsonb_set(geometry, '{{letters,left}}', '\"L\"')",
        "STIR stack of MRI M4 of participant P4: changed without a record in the trail: geometry (",
    ),
    "stack deleted": ("DELETE FROM grading_stack", "STIR stack of MRI M4 of participant P4: gone without a record"),
    "participant withdrawn": (
        "UPDATE grading_participant SET withdrawn_at = now() WHERE code = 'P1'",
        "participant P1: changed without a record in the trail: withdrawn at (nothing → ",
    ),
    # members, accounts, the study, reopenings
    "member suspended": (
        "UPDATE grading_member SET suspended_at = now() WHERE role = 'investigator'",
        "member iris: changed without a record in the trail: suspended at (nothing → ",
    ),
    "unlock that nobody asked for": (
        "INSERT INTO grading_unlock (id, study_id, locked_at, reason, asked_at, asked_by_id) "
        "SELECT gen_random_uuid(), '{study}', now(), 'by mistake', now(), max(id) FROM auth_user",
        "stored without a record in the trail",
    ),
    "role of a member": (
        "UPDATE grading_member SET role = 'reader' WHERE role = 'investigator'",
        "member iris: changed without a record in the trail: role (investigator → reader)",
    ),
    "member deleted": ("DELETE FROM grading_member WHERE role = 'investigator'", "member iris: gone without a record"),
    "member added": (
        "INSERT INTO grading_member (id, study_id, user_id, role) "
        "SELECT gen_random_uuid(), '{study}', max(id) + 1, 'coordinator' FROM auth_user",
        "stored without a record in the trail",
    ),
    "account renamed": (
        "UPDATE auth_user SET username = 'anna' WHERE username = 'ann'",
        "account anna: changed without a record in the trail: username (ann → anna)",
    ),
    "account made a site admin": (
        "UPDATE auth_user SET is_superuser = true WHERE username = 'iris'", "account iris: changed without a record",
    ),
    "account deleted": ("DELETE FROM auth_user WHERE username = 'iris'", "account iris: gone without a record"),
    "who was unblinded forgotten": ("DELETE FROM grading_unblinded WHERE role = 'investigator'", "gone without"),
    "study set apart": (
        "UPDATE grading_study SET wash_out_days = 1", "study worked: changed without a record in the trail: wash-out",
    ),
    "reopening forged": (
        "UPDATE grading_reopening SET reason = 'He asked me to.'",
        "reopening of P2, M2, ann, edema: changed without a record in the trail: reason (wrong thigh → He asked me",
    ),
    "reopening passed off as its reader's": (
        "UPDATE grading_reopening SET kind = 'taken_back'",
        "reopening of P2, M2, ann, edema: changed without a record in the trail: kind (reopened → taken back by its",
    ),
    "reason of a reopening shown": (
        "UPDATE grading_reopening SET reason_for_reader = true", "reason shown to the reader (no → yes)",
    ),
    "grace of a study": ("UPDATE grading_study SET grace_minutes = 60", "study worked: changed without a record"),
    "reopening deleted": ("DELETE FROM grading_reopening", "reopening of P2, M2, ann, edema: gone without a record"),
    # the trail and its seals
    "record deleted": (
        "DELETE FROM grading_trail WHERE id = (SELECT id FROM grading_trail WHERE read_id = '{signed}' "
        "AND table_name = 'grading_grade' ORDER BY id LIMIT 1)", f"{SIGNED}: record",
    ),
    "last record of a read deleted": (
        "DELETE FROM grading_trail WHERE id = (SELECT max(id) FROM grading_trail WHERE read_id = '{signed}')",
        "it covers",
    ),
    "all records of a participant deleted": (
        "DELETE FROM grading_trail WHERE table_name = 'grading_participant'", "participant P1: stored without a record",
    ),
    "record changed": (
        "UPDATE grading_trail SET reason = 'another' WHERE table_name = 'grading_reopening'",
        "of the trail was changed",
    ),
    "actor of a record changed": (
        "UPDATE grading_trail SET actor_id = actor_id + 1 WHERE id = (SELECT max(id) FROM grading_trail "
        "WHERE read_id = '{draft}')",
        f"{DRAFT}: record",
    ),
    "time of a record changed": (
        "UPDATE grading_trail SET at = at - interval '1 day' WHERE table_name = 'grading_member'",
        "of the trail was changed",
    ),
    "record that cannot be": (
        "UPDATE grading_trail SET after = after || '{{\"age_years\": \"old\"}}' "
        "WHERE table_name = 'grading_participant'",
        "grading_participant: the trail tells of values that cannot be",
    ),
    "seal deleted": ("DELETE FROM grading_seal WHERE number = 1", "seal 2 of"),
    "last seal deleted": (
        "DELETE FROM grading_seal WHERE number = 2",
        "seal 2: gone; records of the trail tell of it, and the last that is there is 1",
    ),
    "all seals deleted": (
        "DELETE FROM grading_seal", "seal 2: gone; records of the trail tell of it, and none is there",
    ),
    "newest seal noted as another": (
        "UPDATE grading_newestseal SET hash = repeat('0', 64)",
        "seal 2: gone, or another than the newest that was made",
    ),
    "seal of transactions that cannot be": (
        "UPDATE grading_seal SET snapshot = 'x' WHERE number = 2",
        "something is stored that cannot be, so that not all could be checked: invalid input",
    ),
    "record of no values": (
        "UPDATE grading_trail SET after = '[]' WHERE table_name = 'grading_grade'", "of the trail was changed",
    ),
    "seal changed": ("UPDATE grading_seal SET at = at - interval '1 day' WHERE number = 2", "seal 2 of"),
}  # fmt: skip
