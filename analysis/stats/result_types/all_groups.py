"""What is asked of all groups of a study at once: patterns, omnibus tests and every pair."""

from typing import TypedDict

from analysis.stats.result_types.pattern import PatternResult, PatternTestResult


class OmnibusTestResult(PatternTestResult):
    """The F test of one muscle over all groups."""

    muscle: str
    p_holm: float | None  # adjusted for the muscles


class PairResult(TypedDict):
    """The p values of two groups, a muscle each, adjusted over all pairs of groups."""

    groups: list[str]  # in the alphabet's order
    p_over_pairs: list[float | None]  # over the pairs of a muscle
    p_over_all: list[float | None]  # over all muscles of all pairs


class AllGroupsAnswer(TypedDict):
    """What is stored of all groups of a study, whichever two are compared."""

    groups: list[str]
    left_out: list[str]
    pattern: PatternResult
    muscles: list[OmnibusTestResult]
    pairs: list[PairResult]


class AllGroupsMuscle(OmnibusTestResult):
    """The F test of one muscle over all groups; and p of the two groups that are compared, adjusted over all pairs."""

    p_over_pairs: float | None
    p_over_all: float | None


class AllGroupsResult(TypedDict):
    """A study of three groups or more: whether they differ, and what of two of them holds beside all pairs."""

    groups: list[str]  # that are tested: with two participants or more
    left_out: list[str]
    pairs: int  # of the study's groups
    pattern: PatternResult  # of all muscles at once, over all groups
    muscles: list[AllGroupsMuscle]  # eleven, in the paper's order
