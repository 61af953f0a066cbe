"""The report of a study: everything on one page that prints well, as far as whoever asks may see it.

Coordinators see neither agreement nor comparison, here as elsewhere; investigators see of queries how many there are.
Nothing that is told by group is on an investigator's report while the study hides its comparison.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString

from analysis.figure.catalogue import FIGURES, PARTICIPANTS_FIGURES
from analysis.figure.figure_data import participants_data
from analysis.figure.tables import Table
from analysis.models import FrozenFrame, Look
from analysis.models.look import LookCounts
from analysis.services.looks import look_at
from analysis.services.results import LiveComparison, live_agreement
from analysis.stats.question import Question
from analysis.study_data.covariates import covariate_labels
from analysis.study_data.frame import progress
from analysis.study_data.roster import study_account
from analysis.study_data.sign_offs import sign_offs
from analysis.web.pages.agreement import AgreementPage, agreement_page
from analysis.web.pages.comparison import ComparisonPage, comparison_page
from analysis.web.pages.figure import still
from analysis.words.participants.table import TableInWords, table_in_words
from analysis.words.question.provenance import provenance
from grading.adjudication_page import overview as adjudication_overview
from grading.calibration_page import calibrating_readers
from grading.charter_page import facts_of, known_then, sections_of
from grading.models import Query, Study
from grading.models.charter import reading_began_at
from grading.progress import progress_by_reader
from grading.query_page import STATES, queries_of, state_in_words

LISTED = 50  # of looks and of queries: a report is read on paper


@dataclass(frozen=True)
class ParticipantsPart:
    """The flow as a diagram, and Table 1."""

    title: str
    label: str
    drawing: SafeString
    table: TableInWords


@dataclass(frozen=True)
class ComparisonPart:
    """The comparison: its sentences, the boxplots, the table of the same numbers, and what it is of."""

    page: ComparisonPage
    label: str
    drawing: SafeString
    explanation: str
    table: Table
    origin: list[str]


@dataclass(frozen=True)
class QueriesPart:
    """How many queries are in which state; for coordinators, the latest of them."""

    counts: dict[str, int]
    latest: list[tuple[Query, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class LooksPart:
    """How often the groups were looked at before the lock; for investigators, the latest looks.

    labels: of the covariates that the study defines, for what was asked.
    """

    counts: LookCounts
    latest: list[Look] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def common_parts(study: Study, *, is_coordinator: bool) -> dict[str, Any]:
    """Gather what both roles see, each part in a fixed number of queries."""
    facts = facts_of(study)
    charter = study.charters.newest_first().first()
    return {
        "now": timezone.now(),
        "progress": progress(study),
        "facts": facts,
        "charter": charter,
        "sections": [section for section in sections_of(charter, []) if section.text],
        "otherwise": known_then(charter, facts) if charter else [],
        "frozen_at": reading_began_at(study),
        "readers": progress_by_reader(study),
        "calibrating": [reader for reader in calibrating_readers(study) if reader.given],
        "adjudication": adjudication_overview(study),
        "queries": _queries(study, is_coordinator=is_coordinator),
        "looks": _looks(study, is_coordinator=is_coordinator),
        "locks": _locks(study),
        "sign_offs": sign_offs(study),
        "seal": study.seals.newest_first().first(),
    }


def participants_part(study: Study, question: Question, revision: int) -> ParticipantsPart:
    """Describe the participants, by group."""
    described = study_account(study, question, revision).described
    data, figure = participants_data(described, question), PARTICIPANTS_FIGURES["flow"]
    return ParticipantsPart(figure.title, figure.called(data), still(figure, data), table_in_words(described))


def comparison_part(study: Study, user: Any, question: Question) -> ComparisonPart | None:
    """Compare the groups, which is a look; None where nothing is read yet.

    Raises:
        ComparisonHidden, BeingComputed: as ``looks.look_at``.
    """
    live: LiveComparison = look_at(study=study, user=user, question=question)
    if not live.result["n"]["grades"]:
        return None
    figure, data = FIGURES["boxplots"], live.figure_data
    return ComparisonPart(
        page=comparison_page(live),
        label=figure.called(data),
        drawing=still(figure, data),
        explanation=figure.explained(data),
        table=figure.table(*data),
        origin=provenance(live.result, question, is_final=study.is_locked),
    )


def agreement_part(study: Study) -> AgreementPage:
    """Say how far the readers agree.

    Raises:
        BeingComputed: as ``results.live_agreement``.
    """
    return agreement_page(live_agreement(study))


def _queries(study: Study, *, is_coordinator: bool) -> QueriesPart:
    states = Counter(query.state for query in Query.objects.filter(study=study).with_state())
    counts = {words: states[kind] for kind, words in STATES.items() if states[kind]}
    latest = [(query, state_in_words(query)) for query in queries_of(study)[:LISTED]] if is_coordinator else []
    return QueriesPart(counts, latest)


def _looks(study: Study, *, is_coordinator: bool) -> LooksPart:
    looks = Look.objects.filter(study=study)
    if is_coordinator:
        return LooksPart(looks.counts())
    return LooksPart(looks.counts(), list(looks.newest_first()[:LISTED]), covariate_labels(study))


def _locks(study: Study) -> list[tuple[FrozenFrame, Any]]:
    people = ("asked_by", "confirmed_by")
    left = {each.locked_at: each for each in study.unlocks.exclude(confirmed_at=None).select_related(*people)}
    frames = FrozenFrame.objects.filter(study=study).defer("csv").order_by("-frozen_at")
    return [(frame, left.get(frame.frozen_at)) for frame in frames]
