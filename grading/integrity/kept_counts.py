"""Whether the counts of reads that PostgreSQL keeps are those of the reads; and counting anew where they are not.

Triggers keep them, in parts. So they are others only where somebody who rules the server has switched triggers off.
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from grading.integrity.scope import rows
from grading.models.read_count import BLOCK

COUNTED = f"SELECT study_id, reader_id, {BLOCK} AS block, status, count(*) AS number FROM grading_read"  # nosec B608
KEPT = "SELECT study_id, reader_id, block, status, sum(number) AS number FROM grading_readcount"
UNLIKE = """
SELECT DISTINCT reader_id
FROM ({counted} {which} GROUP BY study_id, reader_id, block, status) AS counted
FULL JOIN ({kept} {which} GROUP BY study_id, reader_id, block, status) AS kept
          USING (study_id, reader_id, block, status)
WHERE coalesce(counted.number, 0) <> coalesce(kept.number, 0)
"""
OF_ALL, OF_STUDY = (
    UNLIKE.format(counted=COUNTED, kept=KEPT, which=which) for which in ("", "WHERE study_id = %(study)s")
)
NAMED = """
SELECT coalesce(username, 'somebody') FROM ({unlike}) AS unlike LEFT JOIN auth_user ON auth_user.id = reader_id
ORDER BY 1
"""
ALL_NAMED, NAMED_OF_STUDY = (NAMED.format(unlike=unlike) for unlike in (OF_ALL, OF_STUDY))
ANEW = f"""
LOCK TABLE grading_read IN SHARE MODE;
DELETE FROM grading_readcount;
INSERT INTO grading_readcount (study_id, reader_id, block, status, number)
{COUNTED} GROUP BY study_id, reader_id, block, status;
"""  # nosec B608
# Whoever writes just then takes no part that is held here, and what they hold is waited for: no change is lost.
MERGED = """
WITH parts AS (
    DELETE FROM grading_readcount AS part
    USING (SELECT study_id, reader_id, block, status FROM grading_readcount
           GROUP BY study_id, reader_id, block, status HAVING count(*) > 1 OR sum(number) = 0) AS one
    WHERE (part.study_id, part.reader_id, part.block, part.status)
          = (one.study_id, one.reader_id, one.block, one.status)
    RETURNING part.*
)
INSERT INTO grading_readcount (study_id, reader_id, block, status, number)
SELECT study_id, reader_id, block, status, sum(number) FROM parts
GROUP BY study_id, reader_id, block, status HAVING sum(number) <> 0
"""


def readers_counted_wrongly(scope: dict[str, Any]) -> list[str]:
    """List the readers of a study of whom the database keeps other counts than there are reads."""
    return [reader for (reader,) in rows(NAMED_OF_STUDY, scope)]


def count_anew(cursor: CursorWrapper) -> list[str]:
    """Merge the parts of each count; count all reads anew where one is wrong, and list of whom, by username.

    As the owner and in a transaction. While reads are counted, nobody changes one.
    """
    cursor.execute("SELECT to_regclass('grading_readcount') IS NOT NULL")
    if not cursor.fetchone()[0]:  # migrated back to before there were counts
        return []
    cursor.execute(ALL_NAMED)
    wrong = [reader for (reader,) in cursor.fetchall()]
    cursor.execute(ANEW if wrong else MERGED)
    return wrong
