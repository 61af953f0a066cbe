"""The project's functions in the database, held so that no session that sets them off can lead them astray.

A session may make temporary tables, and PostgreSQL looks for a table's name among those first: a trigger that asks
`grading_read` whether a read is signed off would ask whichever table the session calls so. A table of its own could
also carry a trigger that writes into the trail. How PostgreSQL writes a value as text depends on settings as well,
which a session, a role, a database or a server may have of its own: what was signed under fewer digits would never be
found again. `migrate` therefore treats all functions alike after every run, so that a migration may forget it.
"""

from django.db.backends.utils import CursorWrapper

# Whatever the text of a value depends on. The site's connections have these, too (base.py), and so whoever verifies.
TEXT_OF_VALUES = {
    "extra_float_digits": "1",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "TimeZone": "UTC",
    "bytea_output": "hex",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "lc_time": "C",
}
_PINNED = " ".join(f"SET {name} = ''{value}''" for name, value in TEXT_OF_VALUES.items())

# Of `public`, by the role that is connected; what an extension brought is the extension's.
HOLD = f"""
DO $do$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT oid::regprocedure AS name, prorettype = 'trigger'::regtype AS is_trigger FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace AND proowner = current_user::regrole AND prokind <> 'a'
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid
                                                          AND deptype = 'e')
        ORDER BY oid
    LOOP
        -- Temporary tables last: where pg_temp is not named, they come first.
        EXECUTE format('ALTER ROUTINE %s SET search_path = pg_catalog, public, pg_temp {_PINNED}', held.name);
        IF held.is_trigger THEN  -- asked for when a trigger is made, not when it fires
            EXECUTE format('REVOKE EXECUTE ON ROUTINE %s FROM PUBLIC', held.name);
        END IF;
    END LOOP;
END $do$
"""  # nosec B608


def hold_functions(cursor: CursorWrapper) -> None:
    """Let the functions find the project's own tables alone, write values alike wherever they are called, and be made
    triggers of by nobody but their owner.
    """
    cursor.execute(HOLD)
