"""The comparison and the agreement of a study as its data stand now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from typing import Any, cast

import pandas as pd

from analysis.figure.figure_data import FigureData
from analysis.figure.group import Group
from analysis.services.result_cache import cached_result
from analysis.stats.agreement.result import agreement_result
from analysis.stats.answer import comparison_answer
from analysis.stats.covariates import Covariates
from analysis.stats.deciding import decided
from analysis.stats.frame.canonical import data_version
from analysis.stats.frame.cut import CutData, cut_data
from analysis.stats.frame.restriction import restrict
from analysis.stats.ordinal.comparison import compare_ordinal
from analysis.stats.ordinal.ordinal_json import as_json as ordinal_json
from analysis.stats.question import Question
from analysis.stats.result_types import AgreementAnswer, ComparisonResult, Graded, OrdinalResult, ParticipantMeans
from analysis.study_data.frame import clinical_values, study_frame
from grading.models import Study


@dataclass(frozen=True)
class LiveComparison:
    """Hold the answer to a question, and what figures are drawn and texts written from beside it.

    groups: the reference, and the one compared with it.
    study_data_version: of all of the study, also of what the question leaves out.
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
        return f"{version} {_hashed(self.covariates.values)}" if self.covariates else version

    @property
    def figure_data(self) -> FigureData:
        """Give what every figure and table is made from."""
        return FigureData(self.result, self.participant_means, self.groups)


def live_comparison(study: Study, question: Question, *, may_compute: bool = True) -> LiveComparison:
    """Answer a question for the study's signed-off reads of this moment, computed once for everybody who asks.

    Raises:
        BeingComputed: it is not there yet, and somebody else is computing it or this caller may not.
    """
    clinical = _clinical(study, question)
    compute = partial(_computed, study, question, clinical) if may_compute else None
    found = cached_result(study, _cache_key(question, clinical), compute)
    return LiveComparison(
        result=decided(found.content["comparison"], question.deciding),
        participant_means=found.content["participant_means"],
        graded=found.content["graded"],
        groups=_drawn_groups(study, question),
        study_data_version=found.data_version,
        covariates=_covariates(question, clinical),
    )


def live_ordinal(study: Study, question: Question, *, may_compute: bool = True) -> OrdinalResult:
    """Answer a question by the ordinal model, without the permutations and resamples that its comparison has.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    # Which model of scores is asked for, and what that is adjusted for, makes no difference here.
    question = replace(question, model="per-muscle", adjust=())
    clinical = _clinical(study, question)

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        rows, version = _restricted(frame, version, question, clinical)
        comparison = compare_ordinal(_cut(rows, question), permutations=0, resamples=0, data_version=version)
        return ordinal_json(comparison, study=study.slug)

    key = f"ordinal {_cache_key(question, clinical)}"
    return cast(OrdinalResult, cached_result(study, key, compute if may_compute else None).content)


def live_agreement(study: Study, question: Question | None = None, *, may_compute: bool = True) -> AgreementAnswer:
    """Say how far the readers agree, by the signed-off reads of this moment: as `agreement.result.agreement_result`.

    Args:
        question: for the reads and participants within its restrictions only.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    question = None if question is None or question.is_unrestricted else replace(question, adjust=())
    clinical = _clinical(study, question) if question else None

    def compute(frame: pd.DataFrame, version: str) -> Mapping[str, Any]:
        if question:
            frame, version = _restricted(frame, version, question, clinical)
        return agreement_result(frame, study=study.slug, data_version=version)

    key = f"agreement {_cache_key(question, clinical)}" if question else "agreement"
    return cast(AgreementAnswer, cached_result(study, key, compute if may_compute else None).content)


def question_frame(study: Study, question: Question) -> pd.DataFrame:
    """Read the study's frame within the question's restrictions: what its answer is computed from."""
    return restrict(study_frame(study), question, _clinical(study, question))


def _clinical(study: Study, question: Question) -> pd.DataFrame | None:
    """The participants' values that the answer depends on, if it does."""
    return clinical_values(study, question.of_participants) if question.of_participants else None


def _covariates(question: Question, clinical: pd.DataFrame | None) -> Covariates | None:
    if clinical is None or not question.adjust:
        return None
    return Covariates(question.adjust, clinical[["participant", *question.adjust]])


def _cache_key(question: Question, clinical: pd.DataFrame | None) -> str:
    """The question's key, and what its answer depends on beside the frame: who is in a subgroup, and covariates."""
    return question.key if clinical is None else f"{question.key} {_hashed(clinical)}"


def _hashed(values: pd.DataFrame) -> str:
    return sha256(values.to_csv(index=False).encode()).hexdigest()


def _computed(
    study: Study, question: Question, clinical: pd.DataFrame | None, frame: pd.DataFrame, version: str
) -> Mapping[str, Any]:
    rows, version = _restricted(frame, version, question, clinical)
    return comparison_answer(
        _cut(rows, question),
        study=study.slug,
        model=question.model,
        data_version=version,
        covariates=_covariates(question, clinical),
    )


def _cut(rows: pd.DataFrame, question: Question) -> CutData:
    return cut_data(rows, reference=question.reference, compared=question.compared, analysis_set=question.analysis_set)


def _restricted(
    frame: pd.DataFrame, version: str, question: Question, clinical: pd.DataFrame | None
) -> tuple[pd.DataFrame, str]:
    """The rows within the restrictions and their own version, which anybody who has them can check.

    It is computed anew only where rows were left out: the hash takes as long as the comparison.
    """
    rows = restrict(frame, question, clinical)
    return rows, version if rows is frame else data_version(rows)


def _drawn_groups(study: Study, question: Question) -> tuple[Group, Group]:
    groups = {group.code: Group(group.code, group.name, group.colour) for group in study.groups.all()}
    return groups[question.reference], groups[question.compared]
