"""Percentile bootstrap intervals that resample participants, since a participant's muscles are alike.

Participants must come in canonical order (`tallies.in_canonical_order`): with the fixed seed, equal
grades then give equal intervals whatever participants are called and however rows are ordered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from analysis.stats.agreement.coefficients import (
    CONFIDENCE,
    ac2_quadratic,
    alpha_ordinal,
    distances,
    ratio,
    share_within,
)
from analysis.stats.agreement.tallies import Tallies

RESAMPLES = 2000
SEED = 20250946

# An interval from the remaining resamples would leave out just those in which the rare grades are missing.
LEAST_DEFINED = 0.9

_BLOCK_CELLS = 2_000_000  # weights held at a time: 16 MB
_KEPT_CELLS = 10_000_000  # of one number of participants, a byte each: more are drawn anew


@dataclass(frozen=True)
class Interval:
    """Hold a 95 % interval; without limits where there is none, and then ``note`` says why."""

    low: float | None = None
    high: float | None = None
    note: str = ""


def percentile_intervals(tallies: Tallies, resamples: int = RESAMPLES) -> dict[str, Interval]:
    """Compute the interval of every coefficient that follows from tallies, by its name.

    Limits are the 2.5 and 97.5 percentiles (type 7) of the coefficient over resamples in which it is defined;
    None when fewer than two participants were graded, or when it is undefined in more than a tenth of them.
    """
    if len(tallies.tables) < 2:
        return dict.fromkeys(_COEFFICIENTS, Interval(note="no interval from one participant"))
    blocks = [
        {name: coefficient(resampled) for name, coefficient in _COEFFICIENTS.items()}
        for resampled in map(tallies.weighted, resample_weights(len(tallies.tables), resamples))
    ]
    return {name: percentiles(np.concatenate([block[name] for block in blocks])) for name in _COEFFICIENTS}


def mean_kappa(tables: np.ndarray, power: int) -> np.ndarray:
    """Compute Cohen's kappa with weights |c - k| ** power, mean over pairs of raters: (..., pairs, q, q) to (...).

    Equal to `coefficients.weighted_kappas`, but for all resamples at once: statsmodels takes one table
    at a time. The mean is over the pairs for which kappa is defined.
    """
    weights = distances(tables.shape[-1]) ** power
    observed = (tables * weights).sum(axis=(-2, -1)) * tables.sum(axis=(-2, -1))
    chance = np.einsum("...c,...k,ck->...", tables.sum(axis=-1), tables.sum(axis=-2), weights)
    return mean_of_defined(1 - ratio(observed, chance))


def mean_of_defined(values: np.ndarray) -> np.ndarray:
    """Average over the last axis the values that are not NaN; NaN where all are."""
    return ratio(np.nansum(values, axis=-1), (~np.isnan(values)).sum(axis=-1))


_COEFFICIENTS = {
    "exact": lambda tallies: share_within(tallies, 0),
    "within_one": lambda tallies: share_within(tallies, 1),
    "kappa_linear": lambda tallies: mean_kappa(tallies.tables, 1),
    "kappa_quadratic": lambda tallies: mean_kappa(tallies.tables, 2),
    "alpha_ordinal": alpha_ordinal,
    "ac2": ac2_quadratic,
}


def resample_weights(participants: int, resamples: int) -> Iterator[np.ndarray]:
    """Give how often each participant enters, (resamples in the block, participants), a bounded block at a time.

    They depend on these two numbers alone, and are drawn once for all that is computed of as many participants.
    """
    draw = _kept if participants * resamples <= _KEPT_CELLS else _drawn
    for block in draw(participants, resamples):
        yield block.astype(float)


@lru_cache(maxsize=2)
def _kept(participants: int, resamples: int) -> tuple[np.ndarray, ...]:
    """The blocks, each in the smallest type that holds it."""
    return tuple(block.astype(np.min_scalar_type(block.max())) for block in _drawn(participants, resamples))


def _drawn(participants: int, resamples: int) -> Iterator[np.ndarray]:
    generator = np.random.default_rng(SEED)
    size = max(1, _BLOCK_CELLS // participants)
    for start in range(0, resamples, size):
        rows = min(size, resamples - start)
        drawn = generator.integers(participants, size=(rows, participants))
        cells = drawn + participants * np.arange(rows)[:, None]
        yield np.bincount(cells.ravel(), minlength=rows * participants).reshape(rows, participants)


def percentiles(values: np.ndarray) -> Interval:
    """Compute the interval of a coefficient's values (resamples,), NaN where it is undefined."""
    defined = values[~np.isnan(values)]
    if len(defined) < LEAST_DEFINED * len(values):
        share = 100 * (1 - len(defined) / len(values))
        return Interval(note=f"no interval, undefined in {share:.0f} % of the resamples")
    low, high = np.percentile(defined, [50 * (1 - CONFIDENCE), 50 * (1 + CONFIDENCE)])
    return Interval(float(low), float(high))
