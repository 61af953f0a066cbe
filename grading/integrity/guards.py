"""Whether what guards the data is the site's own: the keys by which PostgreSQL knows it, functions and rules, and the
list of what the trail watches.
"""

from django.conf import settings
from django.db import connection

from grading.integrity.scope import rows
from thighsite.acting import print_of
from thighsite.postgres import program

NOT_NOTED = """
SELECT table_name, attname::text FROM trail_watched() JOIN pg_attribute ON attrelid = table_name::regclass
WHERE inserts AND attnum > 0 AND NOT attisdropped
      AND attname <> ALL (left_out || hidden || ARRAY[key_column, 'study_id', 'read_id'])
EXCEPT SELECT table_name, column_name FROM trail_column ORDER BY 1, 2
"""


def keys() -> tuple[int, bool]:
    """Count the keys that are none of the site's, and say whether that of today is lacking."""
    own = [print_of(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    ((prints,),) = rows("SELECT trail_key_prints()", {})
    return len(set(prints) - set(own)), own[0] not in prints


def other_program() -> list[str]:
    """List the functions and rules that are not as `migrate` left them."""
    with connection.cursor() as cursor:
        return program.other_program(cursor)


def columns_not_noted() -> list[tuple[str, str]]:
    """List tables with columns of theirs that the trail watches, and of which `migrate` has not noted that it does."""
    return rows(NOT_NOTED, {})
