"""Whether the trail is whole: each record what its hash says, after the one that it names, and under its seal."""

from dataclasses import dataclass
from typing import Any

from grading.integrity.scope import rows, rows_of_records
from grading.models import Seal, Study

# Two records may follow one: two sessions wrote at a time. A first one that is not the first has lost what was before.
BROKEN = """
WITH record AS (
    SELECT id, table_name, key, read_id, previous, hash, trail_hash(trail) AS computed,
           coalesce(read_id::text, concat(table_name, ' ', key)) AS chain
    FROM grading_trail AS trail
    WHERE {its_records}
), first AS (
    SELECT chain, min(id) AS id FROM record GROUP BY chain
)
SELECT record.id, record.table_name, record.key, record.read_id, record.hash <> record.computed
FROM record
JOIN first USING (chain)
LEFT JOIN record AS earlier
    ON earlier.hash = record.previous AND earlier.chain = record.chain AND earlier.id < record.id
WHERE record.hash <> record.computed
   OR CASE record.previous WHEN '' THEN record.id <> first.id ELSE earlier.id IS NULL END
ORDER BY record.id
"""

SEALS = """
WITH covered AS (
    SELECT trail.id, trail.hash, seal.number
    FROM grading_trail AS trail CROSS JOIN LATERAL (
        SELECT number FROM grading_seal AS seal
        WHERE seal.study_id = %(study)s AND seal.last_record >= trail.id
              AND grading_seal_covers(seal, trail.id, trail.transaction)
        ORDER BY seal.last_record, seal.number LIMIT 1
    ) AS seal
    WHERE trail.study_id = %(study)s
), digest AS (
    SELECT number, count(*) AS records,
           encode(sha256(convert_to(string_agg(hash, '' ORDER BY id), 'UTF8')), 'hex') AS digest
    FROM covered GROUP BY number
)
SELECT number, seal.at, seal.records, coalesce(digest.records, 0),
       seal.previous = coalesce(lag(seal.hash) OVER (ORDER BY number), '')
       AND number = row_number() OVER (ORDER BY number) AS follows,
       coalesce(seal.hash = grading_seal_hash(seal, digest.digest), false) AS holds
FROM grading_seal AS seal LEFT JOIN digest USING (number)
WHERE seal.study_id = %(study)s ORDER BY number
"""


# Each record says how many seals its study had, so that those are missed which are gone with all that came after; the
# newest one is noted a second time, before any record came after it.
MISSED = """
SELECT (SELECT max(seals) FROM grading_trail WHERE study_id = %(study)s),
       (SELECT max(number) FROM grading_seal WHERE study_id = %(study)s)
"""
NEWEST = """
SELECT coalesce(noted.number, 0), coalesce(seal.number, 0)
FROM (SELECT number, hash FROM grading_newestseal WHERE study_id = %(study)s) AS noted
FULL JOIN (SELECT number, hash FROM grading_seal WHERE study_id = %(study)s ORDER BY number DESC LIMIT 1) AS seal
     USING (number, hash)
"""


@dataclass(frozen=True)
class BrokenRecord:
    """A record that is not what its hash says, or whose predecessor is missing."""

    record: int
    table: str
    key: str
    read: Any
    was_changed: bool


def broken_records(scope: dict[str, Any]) -> list[BrokenRecord]:
    return [BrokenRecord(*row) for row in rows_of_records(BROKEN, scope)]


def broken_seals(scope: dict[str, Any]) -> list[str]:
    """Say of each seal that does not hold why not."""
    found = []
    for number, at, sealed, there, follows, holds in rows(SEALS, scope):
        name = f"seal {number} of {at:%Y-%m-%d %H:%M} UTC"
        if not follows:
            found.append(f"{name}: the seal before it is missing or another")
        if sealed != there:
            found.append(f"{name}: it covers {sealed} records of the trail, and {there} are there")
        elif not holds:
            found.append(f"{name}: the records that it covers are not those that were sealed")
    told, there = rows(MISSED, scope)[0]
    if (told or 0) > (there or 0):
        last = f"the last that is there is {there}" if there else "none is there"
        found.append(f"seal {told}: gone; records of the trail tell of it, and {last}")
    elif unlike := sorted(max(pair) for pair in rows(NEWEST, scope) if 0 in pair):
        found.append(f"seal {unlike[-1]}: gone, or another than the newest that was made")
    return found


def seal_fault(study: Study, text: str) -> str | None:
    """Say why a seal that was written down elsewhere is not one of the study's; None if it is."""
    if Seal.objects.filter(study=study).written_as(text).exists():
        return None
    if not Seal.objects.filter(study=study).exists():
        return f"seal {text}: it is not among the seals of {study.slug}, which has none yet"
    return (
        f"seal {text}: it is not among the seals of {study.slug}. If its digits are those that were written down, the "
        "trail is another than the one that it covers"
    )
