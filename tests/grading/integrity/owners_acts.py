"""What the owner of the tables writes at the database itself, the trail looking on, in the name of others.

name: (rules that are switched off for a moment, as {table: trigger}; statements; what `verify` says).
"""

SIGNED, DRAFT, REOPENED = "P1, M1, ann, edema", "P3, M3, ann, edema", "P2, M2, ann, edema"
CARL = "(SELECT id FROM auth_user WHERE username = 'carl')"
WHY = "SELECT set_config('thighsite.reason', 'typing slip', true);"
UNSIGN = (
    "UPDATE grading_read SET status = 'draft', signed_off_at = NULL, signed_off_by_id = NULL, sign_off_meaning = '' "
    "WHERE id = '{signed}';"
)
SIGN = (
    "UPDATE grading_read SET status = 'signed_off', signed_off_by_id = reader_id, signed_off_at = now(), "
    "sign_off_meaning = 'I graded this scan; these grades are final.' WHERE id = '{id}';"
)
FILL = (
    "INSERT INTO grading_grade (read_id, muscle, side, score, not_assessable, version, entered_at, changed_at) "
    "SELECT '{draft}', muscle, 'both', 3, false, 1, now(), now() FROM grading_grade WHERE read_id = '{signed}' "
    "ON CONFLICT DO NOTHING;"
)
LOCK = f"UPDATE grading_study SET locked_at = now(), locked_by_id = {CARL};"
FREEZE = (
    "INSERT INTO analysis_frozenframe (study_id, csv, sha256, frozen_at) SELECT id, 'x', "
    "encode(sha256('x'), 'hex'), locked_at FROM grading_study;"
)
UNLOCK = (
    "INSERT INTO grading_unlock (id, study_id, locked_at, reason, asked_at, asked_by_id, confirmed_at, "
    f"confirmed_by_id) SELECT gen_random_uuid(), id, locked_at, 'r', now(), {CARL}, now(), (SELECT id FROM auth_user "
    f"WHERE username = 'iris') FROM grading_study; {WHY} "
    "UPDATE grading_study SET locked_at = NULL, locked_by_id = NULL;"
)
BY_HAND = {"grading_read": "read_reopened_with_a_reason"}

ACTS = {
    "signed, changed and signed anew": (
        BY_HAND, UNSIGN + "UPDATE grading_grade SET score = 3, version = 2 WHERE read_id = '{signed}' "
        "AND muscle = 'VL'; INSERT INTO grading_entry (read_id, muscle, side, score, not_assessable, version, key, "
        "entered_at) VALUES ('{signed}', 'VL', 'both', 3, false, 2, gen_random_uuid(), now()); "
        + SIGN.replace("{id}", "{signed}"), f"{SIGNED}: signed off in the name of ann, by somebody else: psql as ",
    ),
    "un-signed": (BY_HAND, UNSIGN, f"{SIGNED}: its sign-off was taken away without a reopening"),
    "draft filled": ({}, FILL, f"{DRAFT}: its entries are not those that made its grades: "),
    "draft filled and signed": (
        {}, FILL + SIGN.replace("{id}", "{draft}"), f"{DRAFT}: signed off in the name of ann, by somebody else",
    ),
    "reopened": (
        {}, "INSERT INTO grading_reopening (id, reopened_at, reason, signed_off_at, grades, read_id, reopened_by_id) "
        f"SELECT gen_random_uuid(), now(), 'r', signed_off_at, '[]', id, {CARL} FROM grading_read "
        "WHERE id = '{signed}';" + UNSIGN, f"{SIGNED}: reopened in the name of carl, by somebody else",
    ),
    "locked": ({}, LOCK + FREEZE, "study worked: locked in the name of carl, by somebody else"),
    "unlocked": (
        {"grading_unlock": "unlock_by_two_people"}, LOCK + FREEZE + UNLOCK,
        "confirmed in the name of iris, by somebody else",
    ),
    "asked to unlock": (
        {"grading_unlock": "unlock_by_two_people"}, LOCK + FREEZE + UNLOCK,
        "asked for in the name of carl, by somebody else",
    ),
    "withdrawn": (
        {}, f"{WHY} UPDATE grading_participant SET withdrawn_at = now(), withdrawn_by_id = {CARL} WHERE code = 'P4'",
        "participant P4: withdrawn in the name of carl, by somebody else",
    ),
    "role changed": (
        {}, f"{WHY} UPDATE grading_member SET role = 'investigator' WHERE user_id = {CARL}",
        "member carl: given a role by somebody who is not the site: psql as ",
    ),
    "member added": (
        {}, "INSERT INTO grading_member (id, study_id, user_id, role) SELECT gen_random_uuid(), '{study}', id, "
        "'coordinator' FROM auth_user WHERE username = 'stranger'",
        "member stranger: given a role by somebody who is not the site",
    ),
    "member removed": (
        {}, f"{WHY} DELETE FROM grading_member WHERE user_id = {CARL}",
        "member carl: removed by somebody who is not the site",
    ),
    "member suspended": (
        {}, f"{WHY} UPDATE grading_member SET suspended_at = now() WHERE user_id = {CARL}",
        "member carl: suspended by somebody who is not the site",
    ),
}  # fmt: skip
