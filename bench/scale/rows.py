"""A study of as many grades as are asked for, written past the site: participants of two groups, one MRI each.

Three readers grade each, mostly alike, one after another within ten years; one grade in a hundred is not assessable.
Triggers and foreign keys are off, and the grades' keys are made once all are there: what is timed is how a study of
that size is read, not how it came.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.owning import counted_anew, owner

READERS = ("anna", "bert", "carla")
GROUPS = ("IMNM", "DM")
PER_PARTICIPANT = 33  # grades: eleven muscles, three readers

_CASES = """
SELECT setseed(0.46);

CREATE TEMPORARY TABLE cases AS
SELECT number, gen_random_uuid() AS participant, gen_random_uuid() AS mri, number %% 2 = 0 AS is_compared,
    random() AS severity
FROM generate_series(1, %(participants)s) number;

INSERT INTO grading_participant (id, study_id, code, group_id, sex, autoantibody)
SELECT participant, %(study)s, 'P' || lpad(number::text, 7, '0'), (%(groups)s::uuid[])[1 + is_compared::int], '', ''
FROM cases ORDER BY number;

INSERT INTO grading_mri (id, study_id, participant_id, code)
SELECT mri, %(study)s, participant, 'M' || number FROM cases ORDER BY number;

CREATE TEMPORARY TABLE passes AS
SELECT gen_random_uuid() AS read, number, is_compared, severity, mri, reader, place
FROM cases CROSS JOIN unnest(%(readers)s::int[]) WITH ORDINALITY AS of_reader (reader, place);

INSERT INTO grading_read (id, study_id, mri_id, reader_id, feature, sequence, pairing_confirmed, occasion, position,
    code, comment, status, assigned_at, opened_at, first_entry_at, last_entry_at, active_seconds, handed_out,
    signed_off_at, signed_off_by_id, sign_off_meaning, signature)
SELECT read, %(study)s, mri, reader, 'edema', 'STIR', false, 1, number,
    'K7' || translate(place::text, '123', 'CDF') || translate(number::text, '015', 'KPN'), '', 'signed_off', now(),
    at - interval '9 minutes', at - interval '8 minutes', at - interval '5 minutes', 300, true, at, reader,
    'graded', md5(read::text) || md5(mri::text)
FROM passes CROSS JOIN LATERAL (SELECT now() - (%(participants)s - number) * interval '10 years' / %(participants)s)
     AS signed_off (at);

INSERT INTO grading_grade (study_id, read_id, muscle, side, score, not_assessable, version, entered_at, changed_at)
SELECT %(study)s, read, muscle, 'both', CASE WHEN NOT na THEN
        least(3, floor(2 * severity + is_compared::int * (place_of_muscle %% 4) / 4.0 + 1.2 * random() * noise)) END,
    na, 1, now(), now()
FROM passes
CROSS JOIN LATERAL (
    SELECT muscle, place_of_muscle, random() < 0.01 AS na, 0.8 + 0.2 * place AS noise
    FROM unnest(%(muscles)s::text[]) WITH ORDINALITY AS of_muscle (muscle, place_of_muscle)
) AS of_read;

DROP TABLE cases, passes;
"""
_KEYS = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'grading_grade'::regclass"
_KEYS += " AND contype IN ('p', 'u')"
_INDEX = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'grading_grade'"


def fill(name: str, grades: int) -> Any:
    """Make the study with at least so many grades, as the database's owner."""
    from django.contrib.auth.models import User

    from grading.anatomy import MUSCLE_CODES
    from grading.models import DiagnosisGroup, Member, Study

    study = Study.objects.create(slug=name, title=name)
    groups = [
        DiagnosisGroup.objects.create(study=study, code=code, name=code, is_reference=code == GROUPS[0])
        for code in GROUPS
    ]
    readers = [User.objects.get_or_create(username=reader)[0] for reader in READERS]
    Member.objects.bulk_create(Member(study=study, user=user, role="reader") for user in readers)
    values = {
        "study": study.pk, "groups": [group.pk for group in groups], "muscles": list(MUSCLE_CODES),
        "participants": -(-grades // PER_PARTICIPANT),
        "readers": [user.pk for user in readers],
    }  # fmt: skip
    with owner() as connection:
        connection.execute(
            "SET session_replication_role = replica; SET synchronous_commit = off; SET work_mem = '256MB'"
        )
        with _without_keys(connection):
            connection.execute(_CASES, values)
        connection.execute("VACUUM ANALYZE")
    counted_anew()
    return study


def bytes_per_grade(grades: int) -> dict[str, float]:
    """Give how many bytes on disk stand for one grade: of the tables of grades and reads, and of their indexes."""
    sizes = "SELECT pg_table_size(%(table)s::regclass), pg_indexes_size(%(table)s::regclass)"
    found = {}
    with owner() as connection:
        for table in ("grading_grade", "grading_read"):
            rows, indexes = connection.execute(sizes, {"table": table}).fetchone()
            found |= {table: rows / grades, f"{table}'s indexes": indexes / grades}
    return found


@contextmanager
def _without_keys(connection: psycopg.Connection) -> Iterator[None]:
    """Without the keys and indexes of grades, and made anew afterwards: from all rows at once."""
    keys = connection.execute(_KEYS).fetchall()
    for name, _ in keys:
        connection.execute(f"ALTER TABLE grading_grade DROP CONSTRAINT {name}")
    indexes = connection.execute(_INDEX).fetchall()
    for name, _ in indexes:
        connection.execute(f"DROP INDEX {name}")
    yield
    connection.execute("SET maintenance_work_mem = '1GB'")
    for name, definition in keys:
        connection.execute(f"ALTER TABLE grading_grade ADD CONSTRAINT {name} {definition}")
    for _, definition in indexes:
        connection.execute(definition)
