"""What figures are drawn from: a comparison, its participants, or the agreement of readers."""

from typing import NamedTuple

from analysis.figure.group import Group
from analysis.stats.question import Question
from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.answers import Disagreement, ParticipantMeans
from analysis.stats.result_types.codes import CoefficientCode
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.described import DescribedParticipants
from analysis.stats.result_types.plan import PlanResult
from analysis.words.participants.flow import StepInWords, steps_in_words


class FigureData(NamedTuple):
    """One comparison: its result, what `analysis.stats.participant_means` adds, and both groups, reference first."""

    result: ComparisonResult
    participant_means: ParticipantMeans
    groups: tuple[Group, Group]


class ParticipantsData(NamedTuple):
    """How the participants of one comparison came into it, and the same in words."""

    described: DescribedParticipants
    steps: list[StepInWords]


def participants_data(described: DescribedParticipants, question: Question) -> ParticipantsData:
    """Put the flow beside the same in words."""
    return ParticipantsData(described, steps_in_words(described["flow"], question))


class AgreementData(NamedTuple):
    """One study's agreement (`analysis.stats.agreement.result`), and the coefficients to draw, by code."""

    agreement: AgreementResult
    disagreement: Disagreement
    codes: tuple[CoefficientCode, ...]


class PlanData(NamedTuple):
    """One plan (`analysis.stats.planning.plan`)."""

    plan: PlanResult


AnyData = FigureData | ParticipantsData | AgreementData | PlanData
