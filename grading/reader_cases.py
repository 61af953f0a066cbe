"""Cases as their reader may see them: values, which belong to the allow-list in grading/reader_view.py."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.utils import timezone

from grading.counted_cases import CountedCases
from grading.forms.worklist import STATES, WorklistForm
from grading.models import Read, Reopening, Study
from grading.reader_calibration import is_admitted
from grading.reader_tally import Tally
from grading.worklist import Neighbours, Progress, own_reads, to_go_on_with

PER_PAGE = 100
MOST_REOPENED = 10


@dataclass(frozen=True)
class Case:
    """A read as its reader sees it: under its blind code, which says nothing about the participant.

    ``place`` is progress alone, such as "5 of 25": it changes when other cases come up or are taken back. The list has
    none.
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
    def of(cls, read: Read, place: str = "") -> "Case":
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
class CaseLink:
    """Another case, which a page leads to."""

    pk: UUID
    code: str
    is_begun: bool

    @classmethod
    def of(cls, read: Read | None) -> "CaseLink | None":
        return cls(read.pk, read.code, read.status != Read.Status.ASSIGNED) if read else None


@dataclass(frozen=True)
class ListedCase(Case):
    """A case on the list, with how many muscles carry a grade."""

    graded: int = 0
    is_reopened: bool = False


@dataclass(frozen=True)
class Chosen:
    """What was chosen of the list, with what can be chosen, and what is wrong with it."""

    code: str
    state: str
    states: tuple[tuple[str, str], ...]
    errors: tuple[str, ...]

    @classmethod
    def of(cls, form: WorklistForm) -> "Chosen":
        errors = tuple(f"{form[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items())
        return cls(form["code"].value() or "", form["state"].value() or "", tuple(STATES), errors)


@dataclass(frozen=True)
class Worklist:
    """One page of a reader's cases in their stored order, with where the reader goes on."""

    cases: tuple[ListedCase, ...]
    chosen: Chosen
    number: int
    pages: int
    progress: Progress
    resume: CaseLink | None
    reopened: tuple[CaseLink, ...]  # some of them, where there are many
    calibrates: bool  # the study's own cases are not open yet

    @classmethod
    def of(cls, study: Study, reader, form: WorklistForm, *, page: str | None = None) -> "Worklist":
        """List a page of a reader's cases in one study, as many queries however many cases there are."""
        tally = Tally.of(study, reader)
        cases = own_reads(study.pk, reader).available(timezone.now()).select_related("study").in_reading_order()
        chosen = form.chosen_of(cases).with_progress().with_reopening()
        counted: Any = chosen if form.statuses is None else CountedCases(chosen, tally.by_block(form.statuses))
        shown = Paginator(counted, PER_PAGE).get_page(page)
        reopened = [CaseLink(read.pk, read.code, True) for read in cases.reopened()[:MOST_REOPENED]]
        return cls(
            tuple(_listed(read) for read in shown),
            Chosen.of(form),
            shown.number,
            shown.paginator.num_pages,
            Progress.of(tally),
            CaseLink.of(to_go_on_with(study.pk, reader)),
            tuple(reopened),
            not is_admitted(study, reader),
        )


def _listed(read: Read) -> ListedCase:
    return ListedCase(**vars(Case.of(read)), graded=read.graded, is_reopened=read.is_reopened)


@dataclass(frozen=True)
class Beside:
    """How many cases are left, and the cases beside one that its reader can look at."""

    left: int
    previous: CaseLink | None
    following: CaseLink | None

    @classmethod
    def of(cls, progress: Progress, beside: Neighbours) -> "Beside":
        return cls(progress.left, CaseLink.of(beside.previous), CaseLink.of(beside.following))


@dataclass(frozen=True)
class Reopened:
    """That a coordinator opened the case again, when, and why: the reason only where they chose to show it."""

    at: datetime
    reason: str

    @classmethod
    def of(cls, reopening: Reopening | None) -> "Reopened | None":
        if reopening is None:
            return None
        return cls(reopening.reopened_at, reopening.reason if reopening.reason_for_reader else "")
