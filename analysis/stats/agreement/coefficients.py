"""Coefficients of agreement between raters who grade the same units 0-3: short formulas, with their sources.

A rater is a reader (or, for intra-reader agreement, an occasion); a unit is one muscle (and side) of one
participant. Where nothing can be said, functions of tallies answer NaN, for they answer for many resamples at
once, and those of the ICC raise `Undefined` with the reason.
Notation: q categories, n_ck units that one rater graded c and the other k.

Sources:
    Cohen J. Psychol Bull 1968;70:213 (weighted kappa). Light RJ. Psychol Bull 1971;76:365 (mean over pairs).
    Krippendorff K. Computing Krippendorff's alpha-reliability, 2011 (ordinal metric, missing grades).
    Gwet KL. Handbook of inter-rater reliability, 4th ed. 2014, ch. 5 (AC2, missing grades).
    Shrout PE, Fleiss JL. Psychol Bull 1979;86:420 and McGraw KO, Wong SP. Psychol Methods 1996;1:30 (ICC).
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.agreement.tallies import Tallies
from grading.scale import SCORES

CONFIDENCE = 0.95
_UPPER = (1 + CONFIDENCE) / 2


class Undefined(ValueError):
    """A coefficient does not exist for these grades; the message says why."""


@dataclass(frozen=True)
class Estimate:
    """Hold a coefficient with its 95 % interval; what does not exist is None, and ``note`` says why."""

    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


def distances(categories: int = len(SCORES)) -> np.ndarray:
    """Compute |c - k| between categories: (q, q)."""
    return np.abs(np.subtract.outer(np.arange(categories), np.arange(categories)))


def share_within(tallies: Tallies, distance: int) -> np.ndarray:
    """Compute the share of pairs of grades at most ``distance`` apart, 0 to 1; (...).

    Pairs are of two raters' grades of one unit, pooled over pairs of raters: with more than two raters, the
    mean of the pairwise shares weighted by their units.
    """
    table = tallies.tables.sum(axis=-3)
    return ratio((table * (distances(table.shape[-1]) <= distance)).sum(axis=(-2, -1)), table.sum(axis=(-2, -1)))


def weighted_kappas(tables: np.ndarray, weights: str) -> np.ndarray:
    """Compute Cohen's weighted kappa of each table (pairs, q, q), by statsmodels; ``weights`` "linear" or "quadratic".

    1 - sum_ck d_ck n_ck / sum_ck d_ck n_c. n_.k / n, with d = |c - k| or its square. NaN where chance cannot
    disagree: no units, or both raters gave one and the same grade throughout.
    """
    from statsmodels.stats.inter_rater import cohens_kappa  # here: its import takes a second

    chance = np.einsum("pc,pk,ck->p", tables.sum(axis=2), tables.sum(axis=1), distances(tables.shape[-1]))
    return np.array(
        [
            cohens_kappa(table, wt=weights, return_results=False) if possible else np.nan
            for table, possible in zip(tables, chance > 0, strict=True)
        ]
    )


def alpha_ordinal(tallies: Tallies) -> np.ndarray:
    """Compute Krippendorff's alpha with the ordinal metric; (...). NaN where all grades are equal.

    1 - (n - 1) sum_ck o_ck d_ck / sum_ck n_c n_k d_ck, with o the coincidences, n_c = sum_k o_ck, n = sum_c n_c
    and d_ck = (sum_{g=c..k} n_g - (n_c + n_k) / 2)^2, the squared difference of mid-ranks. Units with one grade
    drop out; all others enter.
    """
    observed = tallies.coincidences
    marginal = observed.sum(axis=-1)
    midrank = marginal.cumsum(axis=-1) - marginal / 2
    difference = (midrank[..., :, None] - midrank[..., None, :]) ** 2
    expected = np.einsum("...c,...k,...ck->...", marginal, marginal, difference)
    disagreement = (marginal.sum(axis=-1) - 1) * (observed * difference).sum(axis=(-2, -1))
    return 1 - ratio(disagreement, expected)


def ac2_quadratic(tallies: Tallies) -> np.ndarray:
    """Compute Gwet's AC2 with quadratic weights over all q categories, whether seen or not; (...).

    (p_a - p_e) / (1 - p_e), with w_ck = 1 - (c - k)^2 / (q - 1)^2, p_a the mean over units with two grades or
    more of their weighted share of agreeing pairs, p_e = sum_ck w_ck sum_c pi_c (1 - pi_c) / (q (q - 1)) and
    pi_c the mean over units with any grade of the share of c. Defined whenever some unit has two grades.
    """
    pairs, grades = tallies.pair_shares, tallies.grade_shares
    q = grades.shape[-1]
    weights = 1 - distances(q) ** 2 / (q - 1) ** 2
    agreement = ratio((pairs * weights).sum(axis=(-2, -1)), pairs.sum(axis=(-2, -1)))
    pi = ratio(grades, grades.sum(axis=-1, keepdims=True))
    chance = weights.sum() * (pi * (1 - pi)).sum(axis=-1) / (q * (q - 1))
    return (agreement - chance) / (1 - chance)


@dataclass(frozen=True)
class MeanSquares:
    """Hold the two-way layout of n units by k raters without replication (Shrout and Fleiss, table 2)."""

    n: int
    k: int
    units: float  # between units, n - 1 degrees of freedom
    raters: float  # between raters, k - 1
    residual: float  # (n - 1)(k - 1)
    within: float  # within units, raters and residual together: n (k - 1)


def mean_squares(grades: np.ndarray) -> MeanSquares:
    """Compute the mean squares of the grades (n, k) of complete units.

    Sums of squares are formed times nk: whole numbers for whole grades, so that no variance is exactly 0.

    Raises:
        Undefined: fewer than two units or raters, or no variance between units.
    """
    n, k = grades.shape
    if n < 2 or k < 2:
        raise Undefined("fewer than two units graded by every rater" if n < 2 else "fewer than two raters")
    total = grades.sum() ** 2
    units = n * (grades.sum(axis=1) ** 2).sum() - total
    raters = k * (grades.sum(axis=0) ** 2).sum() - total
    residual = n * k * (grades**2).sum() - total - units - raters
    if units + residual == 0:
        raise Undefined("no variance between units")
    scale = n * k * (n - 1)
    return MeanSquares(
        n=n,
        k=k,
        units=units / scale,
        raters=raters / (n * k * (k - 1)),
        residual=residual / (scale * (k - 1)),
        within=(raters + residual) / (n * n * k * (k - 1)),
    )


def icc_1_1(ms: MeanSquares) -> Estimate:
    """Estimate ICC(1,1), each unit by its own raters: (MSB - MSW) / (MSB + (k - 1) MSW); F with n - 1, n (k - 1)."""
    return _consistency(ms, ms.within, ms.n * (ms.k - 1))


def icc_2_1(ms: MeanSquares) -> Estimate:
    """Estimate ICC(2,1), raters a sample, absolute agreement; interval by McGraw and Wong's Satterthwaite v.

    (MSB - MSE) / (MSB + (k - 1) MSE + k (MSJ - MSE) / n), J the raters.

    Raises:
        Undefined: two units and two raters, whose means are equal throughout.
    """
    n, k = ms.n, ms.k
    spread = ms.units + (k - 1) * ms.residual + k * (ms.raters - ms.residual) / n
    if spread == 0:
        raise Undefined("no variance between units")
    icc = float((ms.units - ms.residual) / spread)
    if ms.residual == ms.raters == 0:
        return Estimate(icc, icc, icc)
    a = k * icc * ms.raters
    b = (n * (1 - icc) + k * icc * (n - 1)) * ms.residual
    v = float(ratio((a + b) ** 2, a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1))))
    lower, upper = _f_quantile(n - 1, v), _f_quantile(v, n - 1)
    noise = k * ms.raters + (k * n - k - n) * ms.residual
    with np.errstate(invalid="ignore"):  # a quantile can be infinite when v is near 0
        low = n * (ms.units - lower * ms.residual) / (lower * noise + n * ms.units)
        high = n * (upper * ms.units - ms.residual) / (noise + n * upper * ms.units)
    return _estimate(icc, low, high)


def icc_3_1(ms: MeanSquares) -> Estimate:
    """Estimate ICC(3,1), these raters only, consistency: (MSB - MSE) / (MSB + (k - 1) MSE).

    Its interval is by F with n - 1 and (n - 1)(k - 1) degrees of freedom.
    """
    return _consistency(ms, ms.residual, (ms.n - 1) * (ms.k - 1))


def ratio(numerator: np.ndarray | float, denominator: np.ndarray | float) -> np.ndarray:
    """Divide, with NaN where the denominator is 0."""
    numerator, denominator = np.broadcast_arrays(np.asarray(numerator, float), np.asarray(denominator, float))
    return np.divide(numerator, denominator, out=np.full(numerator.shape, np.nan), where=denominator != 0)


def _f_quantile(df_numerator: float, df_denominator: float) -> float:
    """The 97.5 % quantile of F; NaN where there are no degrees of freedom."""
    from scipy.special import fdtri  # here: most commands and pages need no distribution

    return float(fdtri(df_numerator, df_denominator, _UPPER))


def _consistency(ms: MeanSquares, noise: float, df: int) -> Estimate:
    """(MSB - noise) / (MSB + (k - 1) noise); limits put F, divided and multiplied by its quantiles, for MSB / noise."""
    lower, upper = _f_quantile(ms.n - 1, df), _f_quantile(df, ms.n - 1)
    pairs = ((ms.units, noise), (ms.units, lower * noise), (upper * ms.units, noise))
    return _estimate(*((signal - other) / (signal + (ms.k - 1) * other) for signal, other in pairs))


def _estimate(value: float, low: float, high: float) -> Estimate:
    if np.isfinite(low) and np.isfinite(high):
        return Estimate(float(value), float(low), float(high))
    return Estimate(float(value), note="its F-based interval does not exist")
