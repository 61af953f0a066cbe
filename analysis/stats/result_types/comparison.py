"""What ``compare --format json`` prints."""

from typing import NotRequired, TypedDict

from analysis.stats.result_types.all_groups import AllGroupsResult
from analysis.stats.result_types.codes import AnalysisSet, DfMethod, Engine, GradesName, ModelName, PName, RandomEffect
from analysis.stats.result_types.muscles import MuscleResult
from analysis.stats.result_types.pattern import PatternResult
from analysis.stats.result_types.pattern_score import PatternScoreResult


class GroupPair(TypedDict):
    """The codes of the two groups; a difference is compared minus reference."""

    reference: str
    compared: str


class Counts(TypedDict):
    """What a comparison rests on: whoever has at least one assessed grade in the analysis set."""

    participants: int
    by_group: dict[str, int]  # participants, by the group's code
    reads: int
    grades: int
    fat_scored: int  # participants


class DecidingP(TypedDict):
    """Which p value says what is called different."""

    asked: PName
    used: PName  # Holm's where max-T was asked for and is not computed


class Terms(TypedDict):
    """Which terms the model has beside the groups; a muscle's own model may lack some of them, and its note says so."""

    readers: bool
    sides: bool
    random: list[RandomEffect]  # what has a random intercept; empty for a linear model


class Verification(TypedDict):
    """Largest differences between the two engines (``--verify``)."""

    engine: str
    max_abs_diff_estimate: float | None
    max_rel_diff_se: float | None
    muscles: list[str]  # those that were verified
    skipped: dict[str, str]  # by muscle, why it was not


class ComparisonResult(TypedDict):
    """One question, asked of one version of the data, and the result for each muscle."""

    study: str  # its short name
    set: AnalysisSet
    model: ModelName
    engine: Engine
    df_method: DfMethod | None  # None for z tests
    formula: str  # in R's notation
    terms: Terms
    groups: GroupPair
    n: Counts
    data_version: str  # SHA-256 of the frame within the restrictions
    versions: dict[str, str]  # of thighsite, statsmodels, numpy, scipy and pandas
    verify: Verification | None  # None without ``--verify``
    adjusted_for: list[str]  # covariates, by their columns in the participants' CSV
    covariate_labels: NotRequired[dict[str, str]]  # of those among them that the study defines
    pattern: PatternResult | None  # None where it was not asked for, as pages do
    pattern_score: NotRequired[PatternScoreResult]  # where it was asked for
    all_groups: NotRequired[AllGroupsResult]  # where the study has three or more
    grades: GradesName  # what was compared
    deciding: DecidingP
    muscles: list[MuscleResult]  # eleven, in the paper's order
