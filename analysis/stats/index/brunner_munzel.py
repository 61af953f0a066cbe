"""The probabilistic index of two groups' scores, with the interval and test of Brunner and Munzel.

With X a score of the reference group and Y one of the compared group,

    π = P(Y > X) + ½ P(Y = X),        estimated over all n₀n₁ pairs.

It is the area under the curve with which the score tells the groups apart. With a participant's placement, the number
of the other group's scores below theirs plus half of the equal ones, and s₀², s₁² the groups' variances of placements,

    se² = s₀² / (n₀ n₁²) + s₁² / (n₁ n₀²)
    t   = (π − ½) / se
    df  = (n₀s₀² + n₁s₁²)² / {(n₀s₀²)² / (n₀ − 1) + (n₁s₁²)² / (n₁ − 1)}

and the interval is π ± t(0.975; df) · se, which may pass 0 or 1.

Both variances are 0 in two cases only: all of one group score higher than all of the other, or all score alike. The
permutation distribution of π then answers exactly. If all score alike, p is 1. If the groups are apart, of the
C(n₀ + n₁, n₁) ways to deal out the labels as many are as far from ½ as have π = 1 or π = 0: the observed one, and
a second one where the scores, dealt out the other way round, leave the groups apart as well.

Sources: Brunner & Munzel, Biometrical J 2000;42:17–25. Acion et al., Stat Med 2006;25:591–602 (the name).
"""

from dataclasses import dataclass
from math import comb

import numpy as np

from analysis.stats.mixed_model.contrast import CONFIDENCE
from analysis.stats.result_types.codes import IndexStatus

DECIMALS = 10  # to which scores are compared, lest the rounding of a mean decide who scores higher
APART = "The groups do not overlap: no interval; p is exact, from all ways to deal out the groups' labels."
ALIKE = "All participants score alike: no interval; p is exact, from all ways to deal out the groups' labels."


@dataclass(frozen=True)
class Index:
    """Hold the probability, between 0 and 1, that a participant of the compared group scores higher, ties halved.

    value: None where a group has no participant.
    status: ok; separated where the variance is 0, with p and no interval; not_estimable, with no number but value.
    ci_low, ci_high: 95 %, not cut at 0 and 1.
    note: why numbers are missing, or how p was had.
    """

    status: IndexStatus
    value: float | None = None
    se: float | None = None
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


def brunner_munzel(reference: np.ndarray, compared: np.ndarray) -> Index:
    """Estimate and test the index of two groups with two participants or more.

    Args:
        reference, compared: (n₀,), (n₁,) one score for each participant, without NaN.
    """
    from scipy.special import stdtr, stdtrit  # here: most commands and pages need no distribution

    scores = np.round(reference, DECIMALS), np.round(compared, DECIMALS)
    placements = _placements(scores[0], scores[1]), _placements(scores[1], scores[0])
    n0, n1 = len(reference), len(compared)
    value = float(placements[1].sum() / (n0 * n1))
    v0, v1 = n0 * placements[0].var(ddof=1), n1 * placements[1].var(ddof=1)
    if np.ptp(placements[0]) == 0 and np.ptp(placements[1]) == 0:
        return _separated(value, *scores)
    se = float(np.sqrt(v0 + v1) / (n0 * n1))
    df = float((v0 + v1) ** 2 / (v0**2 / (n0 - 1) + v1**2 / (n1 - 1)))
    statistic = (value - 0.5) / se
    half = float(stdtrit(df, (1 + CONFIDENCE) / 2)) * se
    return Index("ok", value, se, statistic, df, float(2 * stdtr(df, -abs(statistic))), value - half, value + half)


def index_value(reference: np.ndarray, compared: np.ndarray) -> float | None:
    """Estimate the index; None where a group is empty."""
    if not (len(reference) and len(compared)):
        return None
    return float(_placements(np.round(compared, DECIMALS), np.round(reference, DECIMALS)).mean() / len(reference))


def _placements(scores: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Of each score, how many of the others are below it, equal ones counted half: exact multiples of ½."""
    ordered = np.sort(others)
    return (np.searchsorted(ordered, scores, "left") + np.searchsorted(ordered, scores, "right")) / 2


def _separated(value: float, reference: np.ndarray, compared: np.ndarray) -> Index:
    n0, n1 = len(reference), len(compared)
    if value == 0.5:
        return Index("separated", value, se=0.0, p=1.0, note=ALIKE)
    low_first = np.sort(np.concatenate([reference, compared]))
    lowest = n0 if value == 1 else n1  # how many are in the lower group now
    other_way = len(low_first) - lowest
    as_far = 2 if other_way == lowest or low_first[other_way - 1] < low_first[other_way] else 1
    return Index("separated", value, se=0.0, p=as_far / comb(n0 + n1, n1), note=APART)
