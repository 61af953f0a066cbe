"""What ``compare --model ordinal --format json`` prints."""

from typing import Literal, TypedDict

from analysis.stats.result_types.codes import AnalysisSet, GradesName, IntervalEndStatus, MuscleStatus
from analysis.stats.result_types.comparison import Counts, GroupPair, Terms
from analysis.stats.result_types.muscles import AnyMuscle
from analysis.stats.result_types.pattern import PatternResult


class CutResult(TypedDict):
    """The log odds ratio of scoring so much or more, from a model of that cut alone."""

    at_least: float
    estimate: float | None
    se: float | None
    status: MuscleStatus
    note: str


class OrdinalMuscleResult(AnyMuscle):
    """One muscle's log odds ratio of the groups; numbers are None where ``note`` says why."""

    estimate: float | None  # log odds ratio of scoring higher, compared against reference
    se: float | None  # from the observed information
    df: None
    statistic: float | None  # likelihood ratio against the model without groups
    p: float | None  # from chi-squared on one degree of freedom, not adjusted
    p_holm: float | None  # adjusted for the muscles with a p
    ci_low: float | None  # 95 %, by the profile likelihood, not adjusted
    ci_high: float | None
    ci_low_end: IntervalEndStatus | None  # open: minus infinity; None without an interval
    ci_high_end: IntervalEndStatus | None  # open: plus infinity
    sd_participant: float | None  # on the scale of the log odds; None without repeated grades
    log_likelihood: float | None
    method: Literal["cumulative_logit"] | None
    status: MuscleStatus  # separated: the likelihood rises for ever; then one end of the interval is None
    cuts: list[CutResult]  # by score, where there are two cuts or more


class OrdinalResult(TypedDict):
    """One question, answered by the ordinal model of each muscle; as ``ComparisonResult`` but for these types."""

    study: str
    set: AnalysisSet
    model: Literal["ordinal"]
    engine: Literal["maximum_likelihood"]
    df_method: None
    formula: str
    terms: Terms
    groups: GroupPair
    n: Counts
    data_version: str
    versions: dict[str, str]
    verify: None
    adjusted_for: list[str]  # empty
    pattern: PatternResult | None
    grades: GradesName
    muscles: list[OrdinalMuscleResult]
