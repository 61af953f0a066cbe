"""The comparison and the agreement of a study as its data stand now."""

from dataclasses import dataclass
from typing import cast

import pandas as pd

from analysis.figure.figure_data import FigureData
from analysis.figure.group import Group
from analysis.services.answer_jobs import answers
from analysis.services.asked_agreement import AskedAgainst, AskedAgreement
from analysis.services.asked_comparison import AskedAllGroups, AskedComparison, AskedOrdinal, AskedPatternScore
from analysis.services.beside import Beside, hashed
from analysis.services.result_cache import BeingComputed
from analysis.stats.all_groups_json import of_pair
from analysis.stats.covariates import Covariates
from analysis.stats.deciding import decided
from analysis.stats.pattern_score import AT_MOST, AT_ONCE
from analysis.stats.question import Question
from analysis.stats.result_types.all_groups import AllGroupsAnswer
from analysis.stats.result_types.answers import AgreementAnswer, Graded, ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.ordinal import OrdinalResult
from analysis.stats.result_types.pattern_score import PatternScoreResult
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


def live_comparison(
    study: Study, question: Question, *, may_compute: bool = True, has_score: bool = False
) -> LiveComparison:
    """Answer a question for the study's signed-off reads of this moment, computed once for everybody who asks.

    Args:
        has_score: with the pattern's score, also of more participants than have it unasked.

    Raises:
        BeingComputed: it is not there yet, and somebody else is computing it or this caller may not.
    """
    asked = AskedComparison.of(study, question)
    groups = {group.code: Group(group.code, group.name, group.colour) for group in study.groups.all()}
    over_all = [AskedAllGroups.of(study, question)] if len(groups) > 2 else []
    found, *of_all = answers(asked, *over_all, may_compute=may_compute)
    result = decided(found["comparison"], question.deciding)
    for answer in of_all:
        result["all_groups"] = of_pair(cast(AllGroupsAnswer, answer), question.reference, question.compared)
    if has_score and AT_ONCE < result["n"]["participants"] <= AT_MOST:
        (score,) = answers(AskedPatternScore.of(study, question), may_compute=may_compute)
        if score["data_version"] != result["data_version"]:  # a read was signed off in between
            raise BeingComputed(AskedPatternScore.words)
        result["pattern_score"] = cast(PatternScoreResult, score["pattern_score"])
    return LiveComparison(
        result=result,
        participant_means=found["participant_means"],
        graded=found["graded"],
        groups=(groups[question.reference], groups[question.compared]),
        study_data_version=found["study_data_version"],
        covariates=asked.beside.covariates,
    )


def live_ordinal(study: Study, question: Question, *, may_compute: bool = True) -> OrdinalResult:
    """Answer a question by the ordinal model, without the permutations and resamples that its comparison has.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    (found,) = answers(AskedOrdinal.of(study, question), may_compute=may_compute)
    return cast(OrdinalResult, found)


def live_agreement(study: Study, question: Question | None = None, *, may_compute: bool = True) -> AgreementAnswer:
    """Say how far the readers agree, by the signed-off reads of this moment: as `agreement.result.agreement_result`.

    It is of what readers graded, whichever grades a question compares. Beside it stands each reader against the
    decisions and reference grades of this moment; nothing where there are none.

    Args:
        question: for the reads and participants within its restrictions only.

    Raises:
        BeingComputed: as ``live_comparison``.
    """
    against = AskedAgainst.of(study, question)
    beside = [against] if against.settled.are_there else []
    found, *held = answers(AskedAgreement.of(study, question), *beside, may_compute=may_compute)
    # Beside what is cached, which targets change nothing of: a study may set them at any time until it is locked.
    more = {"targets": targets_of(study), "against": held[0]["against"] if held else []}
    return cast(AgreementAnswer, {**found, "agreement": {**found["agreement"], **more}})


def question_frame(study: Study, question: Question) -> pd.DataFrame:
    """Read the study's frame within the question's restrictions: what its answer is computed from."""
    beside = Beside.of(study, question)
    return beside.within(beside.decided(study_frame(study)))
