"""What was corrected after reads had been signed off: codes, groups, names, and which participant an MRI is of.

A signature binds what a read was called when it was signed. What it was called before a correction, the trail tells.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grading.integrity.scope import rows

# The names of people, too, which signatures hold. With how many reads were signed off before, or brought in.
CORRECTIONS = """
WITH correction AS (
    SELECT trail.id, table_name, key, name, before->>name AS before, after->>name AS after, at, username, reason, source
    FROM grading_trail AS trail LEFT JOIN auth_user ON auth_user.id = actor_id,
         LATERAL jsonb_object_keys(after) AS name
    WHERE operation = 'update' AND (
        study_id = %(study)s AND (table_name, name) IN (
            ('grading_participant', 'code'), ('grading_participant', 'group_id'), ('grading_mri', 'code'),
            ('grading_mri', 'participant_id'), ('grading_diagnosisgroup', 'code'))
        OR table_name = 'auth_user' AND name = 'username' AND key = ANY (%(people)s))
), signed AS (
    SELECT greatest(signed_off_at, imported_at) AS at, mri_id, participant_id, group_id, reader_id
    FROM grading_read
    JOIN grading_mri ON grading_mri.id = mri_id JOIN grading_participant ON grading_participant.id = participant_id
    WHERE grading_read.study_id = %(study)s AND status = 'signed_off'
)
SELECT table_name, key, name, before, after, at, username, reason, source, (
    SELECT count(*) FROM signed WHERE signed.at < correction.at AND CASE table_name
        WHEN 'grading_participant' THEN participant_id::text = key WHEN 'grading_mri' THEN mri_id::text = key
        WHEN 'grading_diagnosisgroup' THEN group_id::text = key ELSE reader_id::text = key END
) FROM correction ORDER BY id
"""
# Every name that the trail tells of a row, with those of rows that are gone.
NAMES = """
SELECT DISTINCT key, value FROM grading_trail,
    LATERAL (VALUES (before->>'code'), (after->>'code')) AS told (value)
WHERE study_id = %(study)s AND table_name = 'grading_participant' AND key = ANY (%(keys)s) AND value IS NOT NULL
"""


@dataclass(frozen=True)
class Correction:
    """One value of one row that was changed; ``person`` is None for a program. ``reads`` had been signed off before."""

    table: str
    key: str
    column: str
    before: str
    after: str
    at: datetime
    person: str | None
    reason: str
    source: str
    reads: int


@dataclass(frozen=True)
class Identity:
    """What a read is called now, with the keys of what is called so."""

    participant: str
    mri: str
    reader: str
    participant_key: str
    mri_key: str
    reader_key: str


class FormerNames:
    """What rows were called, and which participants MRIs were of, before they were corrected."""

    def __init__(self, corrections: list[Correction], scope: dict[str, Any]) -> None:
        self._former: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for one in corrections:
            self._former[one.table, one.key, one.column].add(one.before)
        self._participants: dict[str, set[str]] = defaultdict(set)
        moved = {one.before for one in corrections if one.column == "participant_id"}
        for key, code in rows(NAMES, scope | {"keys": list(moved)}) if moved else ():
            self._participants[key].add(code)

    def combinations(self, identity: Identity) -> Iterator[tuple[str, str, str]]:
        """List every participant, MRI and reader that a read may have been signed under, those of now among them."""
        participants = {identity.participant, *self._of("grading_participant", identity.participant_key, "code")}
        for former in self._of("grading_mri", identity.mri_key, "participant_id"):
            participants |= self._participants[former]
        mris = {identity.mri, *self._of("grading_mri", identity.mri_key, "code")}
        readers = {identity.reader, *self._of("auth_user", identity.reader_key, "username")}
        return ((participant, mri, reader) for participant in participants for mri in mris for reader in readers)

    def _of(self, table: str, key: str, column: str) -> set[str]:
        return self._former.get((table, key, column), set())


def corrections(scope: dict[str, Any]) -> list[Correction]:
    """List all corrections of a study in their order, also those before which nothing was signed off."""
    return [Correction(*row) for row in rows(CORRECTIONS, scope)]
