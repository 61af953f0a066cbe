"""A muscle in a comparison, with its index of the groups' difference, by side and over readers."""

from typing import Literal, NotRequired, TypedDict

from analysis.stats.result_types.codes import IndexStatus, Method, MuscleStatus


class GroupDescription(TypedDict):
    """One group's participants in one muscle, each with the mean score over readers and sides."""

    n: int  # participants with an assessed grade
    median: float | None
    q1: float | None  # quartiles of type 7
    q3: float | None
    mean: float | None
    sd: float | None  # n - 1


class UnadjustedMuscle(TypedDict):
    """One muscle's difference of the groups without covariates, among the participants who have all of them."""

    estimate: float | None
    se: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    status: MuscleStatus
    note: str


class Index(TypedDict):
    """The probability that a participant of the compared group scores higher, ties halved (Brunner and Munzel)."""

    value: float | None  # between 0 and 1
    se: float | None
    statistic: float | None  # (value - 1/2) / se
    df: float | None
    p: float | None  # two-sided, of value = 1/2; not adjusted
    ci_low: float | None  # 95 %, not cut at 0 and 1
    ci_high: float | None
    status: IndexStatus  # separated: the groups do not overlap, or do not vary; then p is exact
    note: str


class ReaderIndex(Index):
    """The index of one reader's own scores."""

    reader: str


class IndexOverReaders(TypedDict):
    """The mean of the readers' own indices."""

    value: float | None
    ci_low: float | None  # 95 %, by resampling participants
    ci_high: float | None
    note: str
    readers: list[ReaderIndex]  # who graded the muscle in both groups, in alphabetical order


class MuscleIndex(Index):
    """One muscle's index of participants' mean scores, and that of each reader."""

    over_readers: IndexOverReaders


class BySide(TypedDict):
    """One muscle's difference of the groups on either side, and whether it is the same."""

    left: float  # compared minus reference, of participants' mean scores of the side
    right: float
    interaction: float  # left minus right, by the readers who graded both sides
    p: float | None  # of interaction = 0; None where nothing varies about it
    p_holm: float | None  # adjusted for the muscles that have a p


class AnyMuscle(TypedDict):
    """What every muscle has, whatever the model."""

    muscle: str  # code, in the paper's order
    p_permutation: float | None  # None where nothing was permuted
    p_permutation_max_t: float | None  # adjusted for the estimable and separated muscles (Westfall and Young)
    note: str  # what to know about the estimate, or the reason why there is none
    groups: dict[str, GroupDescription]  # by the group's code
    participants: NotRequired[int]  # in the muscle's model; these two only in an adjusted comparison
    unadjusted: NotRequired[UnadjustedMuscle]
    index: MuscleIndex
    by_side: NotRequired[BySide]  # where the sides are graded apart


class EstimatedMuscle(AnyMuscle):
    """One muscle's difference of the groups."""

    estimate: float  # compared minus reference
    se: float
    df: float | None  # None for a z test
    statistic: float  # estimate / se
    p: float  # two-sided, not adjusted
    p_holm: float  # adjusted for the estimable muscles
    p_deciding: float  # the one of the p values that says whether the muscle is called different
    ci_low: float  # 95 %, not adjusted
    ci_high: float
    method: Method
    status: Literal["ok", "boundary"]  # boundary: a variance is estimated as 0


class MuscleWithoutModel(AnyMuscle):
    """What no muscle has of which no model says anything."""

    se: None
    df: None
    statistic: None
    p: None
    p_holm: None
    ci_low: None
    ci_high: None
    method: None


class NotEstimableMuscle(MuscleWithoutModel):
    """One muscle that the data say nothing of; ``note`` has the reason."""

    estimate: None
    p_deciding: None
    status: Literal["not_estimable"]


class SeparatedMuscle(MuscleWithoutModel):
    """One muscle that separates the groups: of each all participants score alike. A difference, and no model."""

    estimate: float  # difference of the groups' scores: compared minus reference
    p_deciding: float | None  # max-T where that decides
    status: Literal["separated"]


MuscleResult = EstimatedMuscle | SeparatedMuscle | NotEstimableMuscle
