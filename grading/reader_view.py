"""What a reader may receive: the one allow-list.

A reader's page is one of the classes at the end, and its template is given that page's fields and nothing else: values
that were copied out of the models one by one, never a model, from which a template could go on to ``mri.participant``.
tests/blinding/test_reader_view.py holds every field of every page to that. As JSON a reader receives
``services.CellState``, the description they sent, an address, or words.

Nothing is on the list that was computed from a participant's code, an MRI's code or a group: against eight digits of a
hash somebody could try likely codes until one fits. tests/blinding/test_exchange.py compares what readers of two
studies receive that differ in nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from grading.forms.sheet import GradingForm
from grading.models import Read, Study
from grading.scale import Step


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
class Case:
    """A read as its reader sees it: under its blind code, which says nothing about the participant.

    ``place`` is progress alone, such as "5 of 25": it changes when other cases come up or are taken back.
    """

    pk: UUID
    code: str
    place: str
    feature: str
    sequence: str
    status: str
    state: str
    takes_entries: bool
    signed_off_at: datetime | None
    sign_off_meaning: str

    @classmethod
    def of(cls, read: Read, place: str) -> "Case":
        return cls(
            pk=read.pk,
            code=read.code,
            place=place,
            feature=read.get_feature_display(),
            sequence=read.sequence,
            status=read.status,
            state=read.get_status_display(),
            takes_entries=read.takes_entries,
            signed_off_at=read.signed_off_at,
            sign_off_meaning=read.sign_off_meaning,
        )

    @property
    def label(self) -> str:
        return f"Case {self.code}"

    @property
    def is_signed_off(self) -> bool:
        return self.status == Read.Status.SIGNED_OFF


@dataclass(frozen=True)
class ListedCase(Case):
    """A case on the list, with how many muscles carry a grade."""

    graded: int = 0


@dataclass(frozen=True)
class Worklist:
    """A reader's cases in their stored order: those that have come up, and when the next ones do."""

    cases: tuple[ListedCase, ...]
    later: tuple[datetime, ...]
    is_reading_again: bool  # until re-reads are graded, nobody looks at earlier grades

    @classmethod
    def of(cls, study: Study, reader) -> "Worklist":
        """List all of a reader's cases in one study, with progress, in one query."""
        now = timezone.now()
        reads = Read.objects.filter(study=study).select_related("study").for_reader(reader)
        reads = reads.with_progress().in_reading_order()
        there = [read for read in reads if read.is_available(now)]
        later = tuple(sorted(at for read in reads if not read.is_available(now) and (at := read.available_at)))
        cases = (_listed(read, number, len(there)) for number, read in enumerate(there, start=1))
        again = bool(later) or any(read.occasion > 1 and not read.is_signed_off for read in there)
        return cls(tuple(cases), later, again)

    @property
    def open(self) -> list[ListedCase]:
        return [case for case in self.cases if not case.is_signed_off]

    @property
    def signed_off(self) -> int:
        return len(self.cases) - len(self.open)

    @property
    def resume(self) -> ListedCase | None:
        """Find where the reader goes on: at the first open case."""
        return self.open[0] if self.open else None

    def place(self, read: Read) -> str:
        return self.cases[self._place(read)].place

    def next_open(self, *, after: Read) -> ListedCase | None:
        """Find the next open case after a read, beginning again at the front when the end is reached."""
        place = self._place(after)
        ahead = self.cases[place + 1 :] + self.cases[:place]
        return next((case for case in ahead if not case.is_signed_off), None)

    def _place(self, read: Read) -> int:
        """Find a read in the list. Read.DoesNotExist where it was taken back, or its reader suspended, just now."""
        for place, case in enumerate(self.cases):
            if case.pk == read.pk:
                return place
        raise Read.DoesNotExist


def _listed(read: Read, number: int, total: int) -> ListedCase:
    case = Case.of(read, f"{number} of {total}")
    return ListedCase(**vars(case), graded=read.graded)


@dataclass(frozen=True)
class WorklistPage:
    template: ClassVar[str] = "grading/worklist.html"
    study: ReadingStudy
    worklist: Worklist


@dataclass(frozen=True)
class ClosedPage:
    """In place of a signed-off case while there are re-reads to grade."""

    template: ClassVar[str] = "grading/closed.html"
    study: ReadingStudy
    case: Case


@dataclass(frozen=True)
class TakenOutPage:
    """In place of a case that is none any more."""

    template: ClassVar[str] = "grading/taken_out.html"
    study: ReadingStudy
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


READER_PAGES = (WorklistPage, ClosedPage, TakenOutPage, CasePage)
ReaderPage = WorklistPage | ClosedPage | TakenOutPage | CasePage


def render_reader_page(request: HttpRequest, page: ReaderPage, *, status: int = 200) -> HttpResponse:
    """Render a page for a reader. TypeError for anything that is not on the list."""
    if type(page) not in READER_PAGES:
        raise TypeError(f"{type(page).__name__} is no page for readers.")
    return render(request, page.template, vars(page), status=status)
