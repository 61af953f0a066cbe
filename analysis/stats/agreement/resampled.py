"""Coefficients of several readers whose intervals resample participants: also over all muscles they may be quoted.

The F-based interval of the ICC takes units as independent, which a participant's muscles are not. Here whole
participants are drawn, as for the other coefficients, and both ICCs follow from sums that are kept per participant.

The generalised weighted kappa is one coefficient of k readers, not a mean over pairs:

    κ = 1 − Σ_{r<s} D_rs / Σ_{r<s} E_rs

with D_rs the mean weight |c − k| or (c − k)² of the pair's two grades of the units that both graded, and E_rs that of
every grade of the one with every grade of the other there. Of two readers it is Cohen's. A pair without variance needs
no leaving out.

Sources: Conger AJ. Psychol Bull 1980;88:322. Janson H, Olsson U. Educ Psychol Meas 2001;61:277. Efron B, Tibshirani
RJ. An introduction to the bootstrap. Chapman & Hall 1993.
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.agreement.bootstrap import percentiles, resample_weights
from analysis.stats.agreement.coefficients import Estimate, distances, ratio
from analysis.stats.agreement.tallies import in_canonical_order, tally

_NO_COMMON = "no unit that two readers graded"
_ICC, _KAPPA = ("icc_2_1", "icc_3_1"), ("kappa_linear", "kappa_quadratic")


@dataclass(frozen=True)
class _Sums:
    """Hold sums over complete units of k raters; the leading axes (participants, or resamples) are alike in all four.

    count: (...), units. squares, totals: (...), Σ x² and Σ (Σ_raters x)². raters: (..., k), Σ x.
    """

    count: np.ndarray
    squares: np.ndarray
    totals: np.ndarray
    raters: np.ndarray

    def weighted(self, weights: np.ndarray) -> "_Sums":
        """Count each participant ``weights`` times: (resamples, participants)."""
        arrays = (self.count, self.squares, self.totals, self.raters)
        return _Sums(*(np.tensordot(weights, each, axes=1) for each in arrays))


def resampled(grades: np.ndarray, resamples: int) -> dict[str, Estimate]:
    """Estimate ICC(2,1), ICC(3,1) and the generalised weighted kappas, by name, with percentile intervals.

    Args:
        grades: (participants, units of a participant, raters), NaN where there is none.
    """
    ordered = in_canonical_order(grades)
    reasons = _why_undefined(ordered)
    if not len(ordered):
        return {name: Estimate(note=reason) for name, reason in reasons.items()}
    sums, tables = _sums(ordered), tally(ordered).tables
    points = _coefficients(sums, tables, np.ones((1, len(ordered))))
    blocks = [_coefficients(sums, tables, weights) for weights in resample_weights(len(ordered), resamples)]
    return {
        name: _estimate(float(point[0]), np.concatenate([block[name] for block in blocks]), len(ordered), reasons[name])
        for name, point in points.items()
    }


def _why_undefined(grades: np.ndarray) -> dict[str, str]:
    """Give the reason that each coefficient would have if it were undefined, by what can be counted."""
    graded = ~np.isnan(grades)
    raters = grades.shape[-1]
    icc = "fewer than two units graded by every rater" if graded.all(axis=-1).sum() < 2 else "no variance between units"
    kappa = "no variance, all grades of a pair are equal" if (graded.sum(axis=-1) >= 2).any() else _NO_COMMON
    if raters < 2:
        icc = kappa = "fewer than two raters"
    return dict.fromkeys(_ICC, icc) | dict.fromkeys(_KAPPA, kappa)


def _sums(grades: np.ndarray) -> _Sums:
    complete = ~np.isnan(grades).any(axis=-1)
    scores = np.where(complete[..., None], grades, 0.0)
    squares, totals = (scores**2).sum(axis=(1, 2)), (scores.sum(axis=-1) ** 2).sum(axis=1)
    return _Sums(complete.sum(axis=1).astype(float), squares, totals, scores.sum(axis=1))


def _coefficients(sums: _Sums, tables: np.ndarray, weights: np.ndarray) -> dict[str, np.ndarray]:
    drawn = np.tensordot(weights, tables, axes=1)
    linear, quadratic = (generalised_kappa(drawn, power) for power in (1, 2))
    agreement, consistency = _intraclass(sums.weighted(weights))
    return {"icc_2_1": agreement, "icc_3_1": consistency, "kappa_linear": linear, "kappa_quadratic": quadratic}


def generalised_kappa(tables: np.ndarray, power: int) -> np.ndarray:
    """Compute the generalised weighted kappa of weights |c − k| ** power: (..., pairs, q, q) to (...), NaN for none."""
    weights, units = distances(tables.shape[-1]) ** power, tables.sum(axis=(-2, -1))
    observed = ratio((tables * weights).sum(axis=(-2, -1)), units)
    chance = ratio(np.einsum("...c,...k,ck->...", tables.sum(axis=-1), tables.sum(axis=-2), weights), units**2)
    return 1 - ratio(np.nansum(observed, axis=-1), np.nansum(chance, axis=-1))


def _intraclass(sums: _Sums) -> tuple[np.ndarray, np.ndarray]:
    """ICC(2,1) and ICC(3,1) of each resample, as `coefficients.mean_squares` has them; NaN where they are undefined."""
    n, k = sums.count, sums.raters.shape[-1]
    total = sums.raters.sum(axis=-1) ** 2
    between = n * sums.totals - total
    raters = k * (sums.raters**2).sum(axis=-1) - total
    residual = n * k * sums.squares - total - between - raters
    unit, noise = between, ratio(residual, k - 1)  # mean squares, times n k (n - 1)
    rater = ratio(raters * (n - 1), k - 1)
    defined = np.where((n >= 2) & (between + residual > 0), 1.0, np.nan)
    agreement = ratio(unit - noise, unit + (k - 1) * noise + k * ratio(rater - noise, n))
    return agreement * defined, ratio(unit - noise, unit + (k - 1) * noise) * defined


def _estimate(value: float, values: np.ndarray, participants: int, undefined: str) -> Estimate:
    if np.isnan(value):
        return Estimate(note=undefined)
    if participants < 2:
        return Estimate(value, note="no interval from one participant")
    limits = percentiles(values)
    return Estimate(value, limits.low, limits.high, limits.note)
