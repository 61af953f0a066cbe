"""The comparison and the agreement of a study as its data stand now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import pandas as pd

from analysis.figure.figure_data import FigureData
from analysis.figure.group import Group
from analysis.services.against import live_against
from analysis.services.agreement_job import hand_to_workers
from analysis.services.asked_agreement import AskedAgreement
from analysis.services.beside import Beside, hashed
from analysis.services.result_cache import BeingComputed, cached_result
from analysis.stats.agreement.result import agreement_result
from analysis.stats.all_groups import all_groups
from analysis.stats.all_groups_json import as_json as all_groups_json
from analysis.stats.all_groups_json import of_pair
from analysis.stats.answer import comparison_answer
from analysis.stats.covariates import Covariates
from analysis.stats.deciding import decided
from analysis.stats.frame.cut import CutData, cut_data
from analysis.stats.ordinal.comparison import compare_ordinal
from analysis.stats.ordinal.ordinal_json import as_json as ordinal_json
from analysis.stats.question import Question
from analysis.stats.result_types import (
    AgreementAnswer,
    AllGroupsAnswer,
    ComparisonResult,
    Graded,
    OrdinalResult,
    ParticipantMeans,
)
from analysis.study_data.frame import study_frame
from analysis.study_data.targets import targets_of
from grading.models import Study


@dataclass(frozen=True)
class LiveComparison:
    """Hold the answer to a question, and what figures are drawn and texts written from beside it.

    groups: the reference, and the one compared with it.
    study_data_version: of all of the study, also of what the question leaves out, with the grades that it compares.
    covariates: that it is adjusted for, of every participant; None where it is not.
    """

    result: ComparisonResult
    participant_means: ParticipantMeans
    graded: Graded
    groups: tuple[Group, Group]
    study_data_version: str
    covariates: Covariates | None = None

    @property
    def state(self) -> str:
        """Tell it from an answer of other data: by the version of the data, and by the values of the covariates."""
        version = self.result["data_version"]
        return f"{version} {hashed(self.covariates.values)}" if self.covariates else version

    @property
    def figure_data(self) -> FigureData:
        """Give what every figure and table is made from."""
        return FigureData(self.result, self.participant_means, self.groups)


def live_comparison(study: Study, question: Question, *, may_compute: bool = True) -> LiveComparison:
    """Answer a question for the study's signed-off reads of this moment, computed once for everybody who asks.

    Raises:
        BeingComputed: it is not there yet, and somebody else is computing it or this caller may not.
    """
    beside = Beside.of(study, question)

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        rows, whole, version = beside.rows(frame, version)
        answer = comparison_answer(
            question_cut(rows, question),
            study=study.slug,
            model=question.model,
            data_version=version,
            covariates=beside.covariates,
        )
        return {**answer, "study_data_version": whole}

    found = cached_result(study, beside.key, compute if may_compute else None)
    groups = {group.code: Group(group.code, group.name, group.colour) for group in study.groups.all()}
    result = decided(found.content["comparison"], question.deciding)
    if len(groups) > 2:
        answer = _live_all_groups(study, question, tuple(groups), may_compute=may_compute)
        result["all_groups"] = of_pair(answer, question.reference, question.compared)
    return LiveComparison(
        result=result,
        participant_means=found.content["participant_means"],
        graded=found.content["graded"],
        groups=(groups[question.reference], groups[question.compared]),
        study_data_version=found.content["study_data_version"],
        covariates=beside.covariates,
    )


def _live_all_groups(
    study: Study, question: Question, groups: tuple[str, ...], *, may_compute: bool
) -> AllGroupsAnswer:
    """Test over all groups, within the question's restrictions: once, whichever two of them are compared."""
    question = replace(question, reference="", compared="")
    beside = Beside.of(study, question)

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        rows, *_ = beside.rows(frame, version)
        return all_groups_json(
            all_groups(
                rows,
                groups,
                analysis_set=question.analysis_set,
                model=question.model,
                covariates=beside.covariates,
            )
        )

    key = f"all groups {groups!r} {beside.key}"
    return cast(AllGroupsAnswer, cached_result(study, key, compute if may_compute else None).content)


def live_ordinal(study: Study, question: Question, *, may_compute: bool = True) -> OrdinalResult:
    """Answer a question by the ordinal model, without the permutations and resamples that its comparison has.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    # Which model of scores is asked for, and what that is adjusted for, makes no difference here.
    question = replace(question, model="per-muscle", adjust=())
    beside = Beside.of(study, question)

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        rows, _, version = beside.rows(frame, version)
        comparison = compare_ordinal(question_cut(rows, question), permutations=0, resamples=0, data_version=version)
        return ordinal_json(comparison, study=study.slug)

    return cast(OrdinalResult, cached_result(study, f"ordinal {beside.key}", compute if may_compute else None).content)


def live_agreement(study: Study, question: Question | None = None, *, may_compute: bool = True) -> AgreementAnswer:
    """Say how far the readers agree, by the signed-off reads of this moment: as `agreement.result.agreement_result`.

    It is of what readers graded, whichever grades a question compares.

    Args:
        question: for the reads and participants within its restrictions only.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    asked = AskedAgreement.of(study, question)
    try:
        found = asked.stored(None)
    except BeingComputed:
        if not may_compute or hand_to_workers(asked):
            raise
        found = asked.stored(
            lambda rows, version: agreement_result(rows, study=study.slug, data_version=version, question=question)
        )
    against = live_against(asked, may_compute=may_compute)
    # Beside what is cached, which targets change nothing of: a study may set them at any time until it is locked.
    return {**found, "agreement": {**found["agreement"], "targets": targets_of(study), "against": against}}


def question_frame(study: Study, question: Question) -> pd.DataFrame:
    """Read the study's frame within the question's restrictions: what its answer is computed from."""
    beside = Beside.of(study, question)
    return beside.within(beside.decided(study_frame(study)))


def question_cut(rows: pd.DataFrame, question: Question) -> CutData:
    """Cut the set and the groups that a question is about from the rows of its frame."""
    return cut_data(
        rows,
        reference=question.reference,
        compared=question.compared,
        analysis_set=question.analysis_set,
        grades=question.grades,
    )
