"""Whether the trail, played back, ends at what is stored."""

from uuid import UUID

from django.db import connection

from grading.anatomy import MUSCLE_CODES, SIDES, Cell
from grading.models import Study

# Of each cell the last record's grade. Grades from before there was a trail have no record, and are left out.
DIFFERENT = """
WITH written AS (
    SELECT DISTINCT ON (read_id, cell) read_id, cell, after->cell AS grade
    FROM grading_trail,
         LATERAL jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS cell
    WHERE study_id = %(study)s AND table_name = 'grading_grade'
    ORDER BY read_id, cell, id DESC
), stored AS (
    SELECT read_id, key AS cell, CASE WHEN not_assessable THEN '"not assessable"' ELSE to_jsonb(score) END AS grade
    FROM grading_grade
    JOIN grading_read ON grading_read.id = read_id
    JOIN unnest(%(muscles)s::text[], %(sides)s::text[], %(keys)s::text[]) AS cell (muscle, side, key)
        USING (muscle, side)
    WHERE study_id = %(study)s
)
SELECT read_id, array_agg(cell ORDER BY cell)
FROM written LEFT JOIN stored USING (read_id, cell)
WHERE written.grade IS DISTINCT FROM stored.grade
GROUP BY read_id
"""


def cells_unlike_their_trail(study: Study) -> dict[UUID, list[str]]:
    """List by read the cells, as the trail writes them, whose stored grade is not the one that the trail ends with."""
    cells = [Cell(muscle, side) for muscle in MUSCLE_CODES for side in SIDES]
    (muscles, sides), keys = map(list, zip(*cells, strict=True)), [cell.trail_key for cell in cells]
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT, {"study": study.pk, "muscles": muscles, "sides": sides, "keys": keys})
        return dict(cursor.fetchall())
