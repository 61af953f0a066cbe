"""What the text and the bundle are made of: the one place that asks the comparison and the agreement for them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from analysis.bundle import Contents
from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES, PARTICIPANTS_FIGURES, Figure
from analysis.figure.figure_data import AgreementData, AnyData, participants_data
from analysis.models import Look
from analysis.services.answer_jobs import answers
from analysis.services.asked_agreement import AskedAgainst, AskedAgreement
from analysis.services.asked_comparison import AskedAllGroups, AskedComparison, AskedOrdinal, question_cut
from analysis.services.looks import check_shown, look_at
from analysis.services.results import LiveComparison, live_agreement, live_ordinal, question_frame
from analysis.stats.deciding import decided
from analysis.stats.frame.analysis_sets import ANALYSIS_SETS
from analysis.stats.question import Question
from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.answers import AgreementAnswer
from analysis.stats.result_types.codes import AnalysisSet
from analysis.stats.result_types.described import DescribedParticipants
from analysis.study_data.frame import progress, revision
from analysis.study_data.roster import study_account
from analysis.words.agreement.provenance import agreement_provenance
from analysis.words.agreement.summary import HEADLINE_COEFFICIENTS, nothing_to_say
from analysis.words.paper.findings import Findings
from analysis.words.participants.flow import flow_sentences
from analysis.words.question.provenance import provenance
from analysis.words.question.restrictions import exploratory, within
from grading.models import Read, Study
from grading.services.sealing import seal_trail


def findings(
    *,
    study: Study,
    user: Any,
    question: Question,
    agreement: AgreementResult | None = None,
    has_ordinal: bool = False,
    has_score: bool = False,
) -> Findings:
    """Gather the comparisons and the agreement of the study as it stands, with how its reads came about.

    Args:
        agreement: where the caller has it already, and has had all of this computed.
        has_ordinal: with the ordinal model.
        has_score: with the pattern's score of the main comparison, as `results.live_comparison`.

    Raises:
        ComparisonHidden, BeingComputed: as ``looks.look_at``.
    """
    first, *rest = _sets(study)
    if agreement is None:
        _have_computed(study, question, (first, *rest), ["all"] if has_ordinal else [])
    main = look_at(study=study, user=user, question=replace(question, analysis_set=first), has_score=has_score)
    others = [look_at(study=study, user=user, question=replace(question, analysis_set=name)) for name in rest]
    edema, *fat = (decided(other.result, main.result["deciding"]["used"]) for other in others)
    seen = progress(study)
    described = study_account(study, replace(question, analysis_set="all"), revision(study)).described
    return Findings(
        main=main.result,
        edema=edema,
        fat=fat[0] if fat else None,
        agreement=agreement or live_agreement(study, question)["agreement"],
        graded=main.graded,
        is_final=study.is_locked,
        reads=seen.reads,
        reads_signed_off=seen.reads_signed_off,
        has_other_groups=study.groups.count() > 2,
        reads_imported=Read.objects.filter(study=study, imported_at__isnull=False)
        .for_comparison()
        .signed_off()
        .count(),
        restriction=exploratory(question),
        looks=Look.objects.filter(study=study).counts().looks,
        ordinal=live_ordinal(study, replace(question, analysis_set="all")) if has_ordinal else None,
        described=described,
        left_out=tuple(flow_sentences(described, question)),
        state=main.state,
    )


def _have_computed(
    study: Study, question: Question, sets: Iterable[AnalysisSet], ordinal_sets: Iterable[AnalysisSet]
) -> None:
    """Have all that is told together computed, at the same time, before any is looked at: what is awaited is no look.

    Raises:
        ComparisonHidden, BeingComputed: as ``looks.look_at``.
    """
    check_shown(study)
    questions, ordinal = (
        [replace(question, analysis_set=name) for name in dict.fromkeys(names)] for names in (sets, ordinal_sets)
    )
    against = AskedAgainst.of(study, question)
    answers(
        *(AskedComparison.of(study, each) for each in questions),
        *(AskedAllGroups.of(study, each) for each in questions if study.groups.count() > 2),
        AskedAgreement.of(study, question),
        *([against] if against.settled.are_there else []),
        *(AskedOrdinal.of(study, each) for each in ordinal),
        may_compute=True,
    )


def _sets(study: Study) -> list[AnalysisSet]:
    return [name for name in ANALYSIS_SETS if name != "fat" or _has_both_features(study)]


def _has_both_features(study: Study) -> bool:
    read_for = Read.objects.filter(study=study).for_comparison().signed_off().values_list("feature", flat=True)
    return len(read_for.order_by().distinct()) > 1


def contents(
    *,
    study: Study,
    user: Any,
    question: Question,
    has_ordinal: bool = False,
    has_score: bool = False,
    licence: str = "",
) -> Contents:
    """Gather what the bundle of a comparison is made of. A read signed off meanwhile may make it of two versions.

    Args:
        has_ordinal: with the ordinal model.
        has_score: with the pattern's score, as `results.live_comparison`.
        licence: of the data, by its code.

    Raises:
        ComparisonHidden, BeingComputed: as ``looks.look_at``.
    """
    own = question.analysis_set
    _have_computed(study, question, (own, *_sets(study)), ["all", own] if has_ordinal else [])
    live = look_at(study=study, user=user, question=question, has_score=has_score)
    described = study_account(study, question, revision(study)).described
    frame = question_frame(study, question)
    found = live_agreement(study, question)
    agreement = found["agreement"]
    written = findings(
        study=study,
        user=user,
        question=question,
        agreement=agreement,
        has_ordinal=has_ordinal,
        has_score=has_score,
    )
    origin = provenance(live.result, question, is_final=study.is_locked)
    return Contents(
        title=study.title,
        result=live.result,
        findings=_of_the_data_alone(written),
        frame=frame,
        as_read=question_frame(study, replace(question, grades="reads")) if question.grades != "reads" else None,
        analysed=question_cut(frame, question).analysed,
        figures={
            **_figures(live, origin),
            **(_flow_figures(described, question, origin) if study.is_locked else {}),
            **_agreement_figures(
                found, agreement_provenance(**found, is_final=study.is_locked, restriction=within(question))
            ),
        },
        described=described if study.is_locked else {**_without_days(described), "flow": []},
        covariates=live.covariates,
        ordinal=live_ordinal(study, question) if has_ordinal else None,
        licence=licence,
        seal=str(seal_trail(study) or ""),
    )


def _of_the_data_alone(found: Findings) -> Findings:
    """Drop what changes although the data do not (looks, open reads, who is left out so far, days of sign-off).

    So equal data give byte-identical bundles.
    """
    if found.is_final:
        return found
    counted = replace(found, looks=None, reads=None, reads_signed_off=None, left_out=())
    return counted if found.described is None else replace(counted, described=_without_days(found.described))


def _without_days(described: DescribedParticipants) -> DescribedParticipants:
    """Leave out when reads were signed off: one that was reopened has another day, and may have the same grades."""
    return {**described, "signed_off_here": {"reads": 0, "first": None, "last": None}}


def _figures(live: LiveComparison, origin: list[str]) -> dict[str, str]:
    return _drawn(FIGURES, live.figure_data, origin) if live.result["n"]["grades"] else {}


def _flow_figures(described: DescribedParticipants, question: Question, origin: list[str]) -> dict[str, str]:
    return _drawn(PARTICIPANTS_FIGURES, participants_data(described, question), origin)


def _agreement_figures(found: AgreementAnswer, origin: list[str]) -> dict[str, str]:
    """Draw what there is once two readers have graded a muscle of the same MRI."""
    if nothing_to_say(found["agreement"]):
        return {}
    return _drawn(AGREEMENT_FIGURES, AgreementData(**found, codes=HEADLINE_COEFFICIENTS), origin)


def _drawn(figures: Mapping[str, Figure], data: AnyData, origin: list[str]) -> dict[str, str]:
    return {name: figure.svg(data, caption=figure.caption(data, *origin)) for name, figure in figures.items()}
