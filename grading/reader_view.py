"""What a reader may receive: the one allow-list.

A reader's page is one of the classes at the end, with the values of cases from reader_cases.py, and its template is
given that page's fields and nothing else: values that were copied out of the models one by one, never a model, from
which a template could go on to ``mri.participant``.
tests/blinding/test_reader_view.py holds every field of every page to that. As JSON a reader receives
``services.CellState``, the description they sent, what reader_stacks.py has of a scan, an address, or words.

Nothing is on the list that was computed from a participant's code, an MRI's code or a group: against eight digits of a
hash somebody could try likely codes until one fits. tests/blinding/test_exchange.py compares what readers of two
studies receive that differ in nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, get_args
from uuid import UUID

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grading.adjudicator_cases import AdjudicatedCase, EnteredRow, QueuedCase, TypedDecision
from grading.charter_page import Fact, Section, sections_of
from grading.forms.sheet import GradingForm
from grading.models import Charter, Study
from grading.reader_archive import ArchivedScan
from grading.reader_calibration import BesideReference, Running, Target
from grading.reader_cases import Beside, Case, CaseLink, Reopened, Worklist
from grading.reader_queries import Entered, ReaderQuery
from grading.scale import Step
from grading.together import CasesTogether


@dataclass(frozen=True)
class ReadingStudy:
    """A study as its readers see it: under the title that is meant for them."""

    pk: UUID
    title: str
    is_locked: bool
    password_at_sign_off: bool
    shown_sides: tuple[str, ...]
    cell_count: int

    @classmethod
    def of(cls, study: Study) -> "ReadingStudy":
        return cls(
            study.pk,
            study.title_for_readers,
            study.is_locked,
            study.password_at_sign_off,
            study.shown_sides,
            len(study.cells),
        )


@dataclass(frozen=True)
class WorklistPage:
    template: ClassVar[str] = "grading/worklist.html"
    study: ReadingStudy
    worklist: Worklist
    asked: tuple[CaseLink, ...]  # cases with a query that waits for an answer
    together: CasesTogether


@dataclass(frozen=True)
class ClosedPage:
    """In place of a signed-off case while there are re-reads to grade."""

    template: ClassVar[str] = "grading/closed.html"
    study: ReadingStudy
    case: Case
    take_back_until: datetime | None
    asked: tuple[ReaderQuery, ...]


@dataclass(frozen=True)
class TakenOutPage:
    """In place of a case that is none any more."""

    template: ClassVar[str] = "grading/taken_out.html"
    study: ReadingStudy
    code: str
    text: str


@dataclass(frozen=True)
class CasePage:
    """The grading page."""

    template: ClassVar[str] = "grading/read.html"
    study: ReadingStudy
    case: Case
    form: GradingForm
    errors: tuple[str, ...]
    scale: tuple[Step, ...]
    meaning: str
    beside: Beside
    take_back_until: datetime | None
    reopened: Reopened | None
    has_letter_keys: bool
    not_assessable_because: str  # what was sent and refused, to be put right
    has_scan: bool
    asked: tuple[ReaderQuery, ...]
    archived: ArchivedScan | None


@dataclass(frozen=True)
class QueriesPage:
    """What the reader of a case was asked about it, and answers."""

    template: ClassVar[str] = "grading/case_queries.html"
    study: ReadingStudy
    case: Case
    queries: tuple[ReaderQuery, ...]
    entered: Entered | None


@dataclass(frozen=True)
class ArchivePage:
    """The window that shows a case's scan in the study's archive."""

    template: ClassVar[str] = "grading/archive.html"
    study: ReadingStudy
    case: Case
    archived: ArchivedScan


@dataclass(frozen=True)
class ViewerPage:
    """A window for a second screen, whose script follows the form; nothing of a case is in it."""

    template: ClassVar[str] = "grading/viewer.html"
    study: ReadingStudy


@dataclass(frozen=True)
class CalibratedPage:
    """In place of a signed-off calibration case: the reader's grades beside the reference."""

    template: ClassVar[str] = "grading/calibrated.html"
    study: ReadingStudy
    case: Case
    lines: tuple[BesideReference, ...]
    running: Running | None
    target: Target | None
    is_open: bool
    following: CaseLink | None


@dataclass(frozen=True)
class ReadingListLine:
    """One case of a reading list: what has to be known to have its scan up, and nothing else."""

    code: str
    feature: str
    sequence: str
    state: str
    place: int


@dataclass(frozen=True)
class ReadingListPage:
    """A reader's cases to print, so many at a time."""

    template: ClassVar[str] = "grading/reading_list.html"
    study: ReadingStudy
    lines: tuple[ReadingListLine, ...]
    number: int
    pages: int
    total: int

    @classmethod
    def of(cls, study: ReadingStudy, page: Page) -> "ReadingListPage":
        lines = (
            ReadingListLine(read.code, read.get_feature_display(), read.sequence, read.get_status_display(), place)
            for place, read in enumerate(page.object_list, start=page.start_index())
        )
        return cls(study, tuple(lines), page.number, page.paginator.num_pages, page.paginator.count)


@dataclass(frozen=True)
class CharterPage:
    """The newest version of the study's charter, with what the site knows that names neither groups nor people."""

    template: ClassVar[str] = "grading/reading_charter.html"
    study: ReadingStudy
    version: int | None
    written_at: datetime | None
    sections: tuple[Section, ...]

    @classmethod
    def of(cls, study: ReadingStudy, charter: Charter | None, facts: Iterable[Fact]) -> "CharterPage":
        sections = sections_of(charter, (fact for fact in facts if fact.for_readers))
        if charter is None:
            return cls(study, None, None, sections)
        return cls(study, charter.number, charter.written_at, sections)


@dataclass(frozen=True)
class AdjudicationQueuePage:
    """What waits for an adjudicator, as blind as readers are, who does not learn who they are; or for readers."""

    template: ClassVar[str] = "grading/adjudication_queue.html"
    study: ReadingStudy
    cases: tuple[QueuedCase, ...]
    is_consensus: bool


@dataclass(frozen=True)
class AdjudicationCasePage:
    """One case, as an adjudicator decides it, or its readers together; ``rows`` have what was sent and refused.

    ``typed`` is what was sent for muscles that are not to be decided any more.
    """

    template: ClassVar[str] = "grading/adjudication_case.html"
    study: ReadingStudy
    case: AdjudicatedCase
    choices: tuple[tuple[str, str], ...]
    rows: tuple[EnteredRow, ...]
    seen: str
    errors: tuple[str, ...]
    names: tuple[str, ...]  # what was sent as those of the other readers who decide, one for each of them
    typed: tuple[TypedDecision, ...]
    is_consensus: bool


@dataclass(frozen=True)
class AdjudicationClosedPage:
    """In place of a case that cannot be decided now: why, and what was sent, which is all that it tells of the case."""

    template: ClassVar[str] = "grading/adjudication_closed.html"
    study: ReadingStudy
    code: str
    why: str
    is_consensus: bool
    typed: tuple[TypedDecision, ...]


ReaderPage = (
    WorklistPage
    | ReadingListPage
    | CharterPage
    | ClosedPage
    | CalibratedPage
    | TakenOutPage
    | CasePage
    | QueriesPage
    | ViewerPage
    | AdjudicationQueuePage
    | AdjudicationCasePage
    | AdjudicationClosedPage
    | ArchivePage
)
READER_PAGES = get_args(ReaderPage)


def render_reader_page(request: HttpRequest, page: ReaderPage, *, status: int = 200) -> HttpResponse:
    """Render a page for a reader. TypeError for anything that is not on the list."""
    if type(page) not in READER_PAGES:
        raise TypeError(f"{type(page).__name__} is no page for readers.")
    return render(request, page.template, vars(page), status=status)
