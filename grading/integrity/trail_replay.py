"""Whether the trail, played back, ends at what is stored."""

from django.db import connection

from grading.models import Study

# Of each cell the last record's grade. Grades from before there was a trail have no record, and are left out.
DIFFERENT = """
WITH told AS (
    SELECT DISTINCT ON (read_id, cell) read_id, cell, after->cell AS grade
    FROM grading_trail,
         LATERAL jsonb_object_keys(coalesce(before, '{}') || coalesce(after, '{}')) AS cell
    WHERE study_id = %(study)s AND table_name = 'grading_grade'
    ORDER BY read_id, cell, id DESC
), stored AS (
    SELECT read_id, CASE side WHEN 'both' THEN muscle ELSE muscle || ' ' || side END AS cell,
           CASE WHEN not_assessable THEN '"not assessable"' ELSE to_jsonb(score) END AS grade
    FROM grading_grade JOIN grading_read ON grading_read.id = read_id
    WHERE study_id = %(study)s
)
SELECT read_id, array_agg(cell ORDER BY cell)
FROM told LEFT JOIN stored USING (read_id, cell)
WHERE told.grade IS DISTINCT FROM stored.grade
GROUP BY read_id
"""


def cells_unlike_their_trail(study: Study) -> dict:
    """By read, the muscles (and sides) whose stored grade is not the one that the trail ends with."""
    with connection.cursor() as cursor:
        cursor.execute(DIFFERENT, {"study": study.pk})
        return dict(cursor.fetchall())
