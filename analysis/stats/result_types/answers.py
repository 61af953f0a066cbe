"""What pages and figures are drawn from: a result with what stands beside it."""

from typing import TypedDict

from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.comparison import ComparisonResult


class DisagreementCell(TypedDict):
    """Two readers on one muscle, or on all muscles pooled."""

    readers: list[str]
    muscle: str  # code, or "overall"
    units: int  # that both graded
    mean_absolute_difference: float | None
    discrepant: int  # units whose scores are 2 or more apart
    share: float | None  # of discrepant units, 0 to 1


class SumScores(TypedDict):
    """The sum scores of two readers' common participants."""

    readers: list[str]
    points: list[list[int]]  # [sum by the one, sum by the other, participants]


class Disagreement(TypedDict):
    """What the map of disagreement and the figures of bias are drawn from."""

    participants: int  # graded by two readers or more
    cells: list[DisagreementCell]  # by pair of readers, then muscle
    sums: list[SumScores]  # by pair of readers


class AgreementAnswer(TypedDict):
    """Everything that the agreement page is made from."""

    agreement: AgreementResult
    disagreement: Disagreement


class Participant(TypedDict):
    """One participant's mean score over readers and sides of each muscle that has one, unrounded."""

    participant: str  # code
    group: str  # code
    means: dict[str, float]  # by the muscle's code


class ParticipantMeans(TypedDict):
    """What figures of the comparison draw beyond its result."""

    participants: list[Participant]  # with an assessed grade, by code
    grades: dict[str, dict[str, list[int]]]  # by muscle and group, how many grades are 0, 1, 2 and 3


class ReadOn(TypedDict):
    """The reads of one feature on one sequence."""

    feature: str
    sequence: str
    reads: int


class Graded(TypedDict):
    """What the text for a paper says beyond the comparison's result."""

    read_on: list[ReadOn]  # by feature, then sequence, in alphabetical order; reads with an assessed muscle
    not_assessable: int  # grades without a score
    grades: int  # with and without one
    fewer_readers: int  # participants whom fewer readers graded than the most that graded one


class ComparisonAnswer(TypedDict):
    """Everything that the comparison page is made from."""

    comparison: ComparisonResult
    participant_means: ParticipantMeans
    graded: Graded
