"""What changes reads, each in one transaction that locks what it changes.

    assign ─► open ─► enter grades, describe ─► sign off ( ─► reopen )

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
from grading.services.row_lock import ReadIsSignedOff
from grading.services.signing import SIGN_OFF_MEANING, Seen, SeenDiffers, reopen, sign_off, why_not_reopened

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
    "open_read",
    "reopen",
    "save_sheet",
    "sign_off",
    "why_not_reopened",
]
