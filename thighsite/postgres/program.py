"""The program that lies in the database: its functions, triggers and limits, and whether `migrate` left them so.

`migrate` stores a proof of each, and one of all of them together, under a key that is not in the database
(thighsite/proofs.py). So a function that somebody replaced, who rules the database, is told from the project's own.
"""

from django.db.backends.utils import CursorWrapper

from thighsite.proofs import is_proven, proof_of

KIND = "program"
ALL = ""  # the name of the proof of all of them together
DEFINED = """
SELECT 'function ' || oid::regprocedure, pg_get_functiondef(oid) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace AND prokind <> 'a' AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
UNION ALL
SELECT format('rule %s of %s', tgname, tgrelid::regclass), pg_get_triggerdef(pg_trigger.oid)
FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE NOT tgisinternal AND nspname IN ('public', 'partitions')
UNION ALL
SELECT format('limit %s of %s', polname, polrelid::regclass),
       concat_ws(' ', relrowsecurity, polcmd, polpermissive, polroles::regrole[], pg_get_expr(polqual, polrelid),
                 pg_get_expr(polwithcheck, polrelid))
FROM pg_policy JOIN pg_class ON pg_class.oid = polrelid WHERE relnamespace = 'public'::regnamespace
"""
PROOFS = "SELECT name, proof FROM trail_program"
STORE = """
INSERT INTO trail_program (name, proof) SELECT * FROM unnest(%s::text[], %s::text[])
ON CONFLICT (name) DO UPDATE SET proof = excluded.proof WHERE trail_program.proof <> excluded.proof
"""
FORGET = "DELETE FROM trail_program WHERE name <> ALL (%s)"


def prove_program(cursor: CursorWrapper) -> None:
    """Store proofs of the functions, triggers and limits as they are: as the owner of the tables."""
    defined = _defined(cursor)
    proofs = {name: proof_of(KIND, name, text) for name, text in defined.items()}
    proofs[ALL] = proof_of(KIND, ALL, defined)
    cursor.execute(STORE, [list(proofs), list(proofs.values())])
    cursor.execute(FORGET, [list(proofs)])


def other_program(cursor: CursorWrapper) -> list[str]:
    """List the functions, triggers and limits that are not as `migrate` left them; one without a name if any lacks."""
    defined = _defined(cursor)
    cursor.execute(PROOFS)
    proofs = dict(cursor.fetchall())
    if is_proven(proofs.get(ALL, ""), KIND, ALL, defined):
        return []
    others = {name for name, text in defined.items() if not is_proven(proofs.get(name, ""), KIND, name, text)}
    return sorted(others | (proofs.keys() - defined.keys() - {ALL})) or [ALL]


def _defined(cursor: CursorWrapper) -> dict[str, str]:
    cursor.execute(DEFINED)
    return dict(cursor.fetchall())
