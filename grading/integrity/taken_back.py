"""Imported reads that were signed off and taken back: with who did it and why, to be known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from grading.integrity.scope import rows

# The record of a deletion tells of the read as a draft: its sign-off was taken away before, in the same transaction.
TAKEN_BACK = """
SELECT read_id, at, username, reason, source
FROM grading_trail AS deleted LEFT JOIN auth_user ON auth_user.id = actor_id
WHERE study_id = %(study)s AND table_name = 'grading_read' AND operation = 'delete'
      AND before ? 'imported_at' AND before->>'handed_out' = 'false'
      AND EXISTS (SELECT FROM grading_trail AS opened
                  WHERE opened.read_id = deleted.read_id AND opened.table_name = 'grading_read'
                        AND opened.transaction = deleted.transaction AND opened.before->>'status' = 'signed_off')
ORDER BY deleted.id
"""


@dataclass(frozen=True)
class TakenBack:
    """One imported read that is gone; ``person`` is None for a program."""

    read: UUID
    at: datetime
    person: str | None
    reason: str
    source: str


def imported_reads_taken_back(scope: dict[str, Any]) -> list[TakenBack]:
    """List the imported, signed-off reads of a study that were taken back, in their order."""
    return [TakenBack(*row) for row in rows(TAKEN_BACK, scope)]
