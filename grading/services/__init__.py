"""What changes reads, each in one transaction that locks what it changes.

    assign ─► open ─► enter grades, describe ─► sign off ( ─► reopen, or the reader takes it back )

Signing off and entering both take the read's row lock first, so that neither can slip past the other.
"""

from grading.services.assigning import CountsDiffer, assign_reads, assign_rereads
from grading.services.cell_store import CellState
from grading.services.entering import (
    DescriptionConflict,
    SheetConflict,
    VersionConflict,
    describe_read,
    description_of,
    enter_grade,
    open_read,
    save_sheet,
)
from grading.services.not_assessable import grade_not_assessable
from grading.services.reopening import may_take_back_until, reopen, take_sign_off_back, why_not_reopened
from grading.services.row_lock import ReadIsSignedOff
from grading.services.signing import SIGN_OFF_MEANING, Seen, SeenDiffers, sign_off

__all__ = [
    "SIGN_OFF_MEANING",
    "CellState",
    "CountsDiffer",
    "DescriptionConflict",
    "ReadIsSignedOff",
    "Seen",
    "SeenDiffers",
    "SheetConflict",
    "VersionConflict",
    "assign_reads",
    "assign_rereads",
    "describe_read",
    "description_of",
    "enter_grade",
    "grade_not_assessable",
    "may_take_back_until",
    "open_read",
    "reopen",
    "save_sheet",
    "sign_off",
    "take_sign_off_back",
    "why_not_reopened",
]
