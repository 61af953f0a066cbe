"""What the trail needs of `migrate`, after every run: the site's keys, tables of libraries that may have come by a
setting, and records of what no record tells of yet.
"""

from django.conf import settings
from django.db.backends.utils import CursorWrapper

from thighsite.acting import key_of, print_of
from thighsite.postgres.program import prove_program

OTHER_KEY = (
    "The database knows the site by another SECRET_KEY, under which it may be running now: what it writes could not be "
    "told from forgery any more. Set SECRET_KEY to that one, or name it in SECRET_KEY_FALLBACKS. If it is lost, and "
    "the site is stopped: manage.py migrate --forget-former-key"
)
IS_THERE = "SELECT to_regprocedure(%s) IS NOT NULL"
NEW_KEYS = "INSERT INTO trail_key (key) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING"
FORMER_KEYS = "DELETE FROM trail_key WHERE key <> ALL (%s)"
WAYS_TO_SIGN_IN = "SELECT trail_attach_accounts()"
# A trigger of this table writes the records: migrations/_0015_chain.py.
COLUMNS = """
INSERT INTO trail_column (table_name, column_name)
SELECT table_name, attname FROM trail_watched() JOIN pg_attribute ON attrelid = table_name::regclass
WHERE inserts AND attnum > 0 AND NOT attisdropped
      AND attname <> ALL (left_out || hidden || ARRAY[key_column, 'study_id', 'read_id'])
ON CONFLICT DO NOTHING
"""


class OtherKey(RuntimeError):
    """The keys by which the database knows the site are none of this program's; the message says what to do."""


def check_keys(cursor: CursorWrapper) -> None:
    """Raise OtherKey where `migrate` would make the database forget the key of a site that may be running."""
    if not _is_there(cursor, "trail_key_prints()"):
        return
    cursor.execute("SELECT trail_key_prints()")
    prints = set(cursor.fetchone()[0])
    own = {print_of(secret) for secret in settings.SECRET_KEY_FALLBACKS}
    if print_of(settings.SECRET_KEY) not in prints and prints - own:
        raise OtherKey(OTHER_KEY)


def complete_trail(cursor: CursorWrapper) -> None:
    """Let PostgreSQL know the site by the keys of today, and note what no record tells of: as the owner of the tables.

    The keys of SECRET_KEY_FALLBACKS count as well, for processes that have not been started anew.
    """
    if not _is_there(cursor, "trail_watched()"):  # migrated back to before there were keys
        return
    keys = [key_of(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    cursor.execute(NEW_KEYS, [keys])
    cursor.execute(FORMER_KEYS, [keys])
    if _is_there(cursor, "trail_attach_accounts()"):
        cursor.execute(WAYS_TO_SIGN_IN)
    cursor.execute(COLUMNS)
    if _is_there(cursor, "trail_key_prints()"):
        prove_program(cursor)


def _is_there(cursor: CursorWrapper, function: str) -> bool:
    cursor.execute(IS_THERE, [function])
    return cursor.fetchone()[0]
