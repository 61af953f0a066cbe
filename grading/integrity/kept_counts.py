"""Whether the counts of reads that PostgreSQL keeps are those of the reads; and counting anew where they are not.

Triggers keep them. So they are others only where somebody who rules the server has switched triggers off.
"""

from typing import Any

from django.db.backends.utils import CursorWrapper

from grading.integrity.scope import rows

# As migration 0052 has it, and grading/models/read_count.py.
BLOCK = "CASE WHEN position IS NULL THEN 3000000 + get_byte(uuid_send(id), 0) / 16 ELSE (position - 1) / 1000 END"
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
NAMED = f"""
SELECT coalesce(username, 'somebody') FROM ({OF_STUDY}) AS unlike LEFT JOIN auth_user ON auth_user.id = reader_id
ORDER BY 1
"""  # nosec B608
ANEW = f"""
LOCK TABLE grading_read IN SHARE MODE;
DELETE FROM grading_readcount;
INSERT INTO grading_readcount (study_id, reader_id, block, status, number)
{COUNTED} GROUP BY study_id, reader_id, block, status;
"""  # nosec B608


def readers_counted_wrongly(scope: dict[str, Any]) -> list[str]:
    """List the readers of a study of whom the database keeps other counts than there are reads."""
    return [reader for (reader,) in rows(NAMED, scope)]


def count_anew(cursor: CursorWrapper) -> None:
    """Count all reads anew where a count is wrong, as the owner and in a transaction; meanwhile nobody changes one."""
    cursor.execute("SELECT to_regclass('grading_readcount') IS NOT NULL")
    if not cursor.fetchone()[0]:  # migrated back to before there were counts
        return
    cursor.execute(f"SELECT EXISTS ({OF_ALL})")
    if cursor.fetchone()[0]:
        cursor.execute(ANEW)
