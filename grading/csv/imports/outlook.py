"""What a file would change in a study, or what keeps it from being imported: as a page shows it and a row stores it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from grading.csv.imports.file_header import FileHeader
from grading.csv.imports.report import ImportReport
from grading.sheets.refusal import ImportAsked, ImportLacks, ImportMisnames, ImportRefused

READY, REFUSED, ASKED, LACKING, MISNAMED, IMPORTED = "ready", "refused", "asked", "lacking", "misnamed", "imported"


@dataclass
class Outlook:
    """One look at a file. ``Outlook(**of_json)`` restores what ``as_json`` gave."""

    state: str  # READY, REFUSED, ASKED, LACKING, MISNAMED or IMPORTED
    sentences: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # of how the file was read
    warnings: list[str] = field(default_factory=list)
    fingerprint: str = ""  # of everything that would be stored
    rows: list[list[Any]] = field(default_factory=list)  # line, kind, what, old, new: see RowChange
    problems: list[str] = field(default_factory=list)  # each kind once
    further: int = 0
    listed: list[list[Any]] = field(default_factory=list)  # line, column, message: every single problem
    remedy: str = ""  # where to put them right
    digest: str = ""  # of the questions
    lacking: list[str] = field(default_factory=list)  # columns that can be said once for all rows
    suggested: dict[str, str] = field(default_factory=dict)  # name in the file → column of ours that it probably is
    names: list[str] = field(default_factory=list)  # columns of the file
    taken: list[str] = field(default_factory=list)  # for which of ours each is taken; empty for none
    sheets: list[str] = field(default_factory=list)  # of a workbook
    size: int = 0  # in bytes of text
    has_changed: bool = False  # since somebody saw it and said that it be imported

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def outlook_of(look: Callable[[], ImportReport], header: FileHeader) -> Outlook:
    """Make the outlook of a dry run, which reports or refuses.

    Args:
        header: the file's columns, as far as they can be read.
    """
    try:
        outlook = outlook_of_report(look())
    except ImportRefused as refused:
        outlook = _of_refusal(refused)
    outlook.names, outlook.taken, outlook.sheets = header.names, header.taken, header.sheets
    return outlook


def outlook_of_report(report: ImportReport) -> Outlook:
    rows = [[row.line, row.kind, row.what, row.old, row.new] for row in report.rows]
    state = READY if report.dry_run else IMPORTED
    return Outlook(state, report.counted_up, report.remarks, report.warnings, report.fingerprint, rows)


def _of_refusal(refused: ImportRefused) -> Outlook:
    listed = [[problem.line, problem.column, problem.message] for problem in refused.listed]
    outlook = Outlook(REFUSED, problems=list(map(str, refused.problems)), further=refused.further, listed=listed)
    outlook.remedy = refused.remedy
    if isinstance(refused, ImportAsked):
        outlook.state, outlook.digest, outlook.suggested = ASKED, refused.digest, refused.columns
    if isinstance(refused, ImportLacks):
        outlook.state = MISNAMED if isinstance(refused, ImportMisnames) else LACKING
        outlook.lacking, outlook.suggested = list(refused.lacking), refused.columns
    return outlook
