"""The probabilistic index of each reader's own scores, and its mean over the readers.

It is the reader-averaged area under the curve of a study with several readers, who are fixed: the interval is about
these readers. Participants are resampled within their groups with all that their readers said of all muscles, and the
limits are the 2.5 and 97.5 percentiles (type 7) of the mean over resamples. In each, the mean is over the readers
who have somebody in both groups.

The seed is fixed, and participants stand in a canonical order (by their scores; the smaller group is drawn first), so
that neither their names nor the order of rows matter.

Sources: Obuchowski & Rockette, Commun Stat Simul Comput 1995;24:285–308 (readers' mean area). Efron & Tibshirani, An
Introduction to the Bootstrap, Chapman & Hall 1993.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.index.brunner_munzel import DECIMALS, index_value
from grading.anatomy import MUSCLE_CODES

RESAMPLES = 2000
SEED = 20250946
LARGEST_RESAMPLED = 100_000  # participants
LEAST_DEFINED = 0.9  # of the resamples, or there is no interval
_BLOCK = 2_000_000  # weights held at a time: 16 MB
NO_READER = "No reader graded this muscle in both groups."
NO_SPREAD = "No interval: every resample gives the same value."
MANY = f"No interval: more than {LARGEST_RESAMPLED:,} participants are not resampled."
FEW = "No interval: a reader needs two participants in each group."


@dataclass(frozen=True)
class OverReaders:
    """Hold the mean of the readers' own indices, with its 95 % interval; without limits where ``note`` says why."""

    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


def reader_scores(observed: Observations) -> np.ndarray:
    """Average each row's scores of each muscle and reader over sides: (rows, 11, readers), NaN without a grade."""
    muscles, readers = len(MUSCLE_CODES), len(observed.readers)
    cell = (observed.row * muscles + observed.muscle) * readers + observed.reader
    cells = observed.rows * muscles * readers
    counts = np.bincount(cell, minlength=cells)
    sums = np.bincount(cell, weights=observed.score, minlength=cells)
    means = np.divide(sums, counts, out=np.full(cells, np.nan), where=counts > 0)
    return np.round(means, DECIMALS).reshape(observed.rows, muscles, readers)


def over_readers(reference: np.ndarray, compared: np.ndarray, resamples: int = RESAMPLES) -> list[OverReaders]:
    """Average the readers' indices of each muscle.

    Args:
        reference, compared: (n, 11, readers) scores of a group's participants (`reader_scores`), NaN without a grade.
        resamples: 0 for no intervals.
    """
    groups = _canonical(reference), _canonical(compared)
    muscles = [(groups[0][:, muscle], groups[1][:, muscle]) for muscle in range(len(MUSCLE_CODES))]
    values = [_mean_value(*of_muscle) for of_muscle in muscles]
    resampled: list[list[np.ndarray]] = [[] for _ in muscles]
    for weights in _weights(*groups, resamples) if any(value is not None for value in values) else ():
        for found, of_muscle, value in zip(resampled, muscles, values, strict=True):
            if value is not None:
                found.append(_resampled_means(of_muscle, weights))
    return [
        _with_interval(value, np.concatenate(found) if found else np.empty(0), _has_two(*of_muscle))
        for value, found, of_muscle in zip(values, resampled, muscles, strict=True)
    ]


def _mean_value(reference: np.ndarray, compared: np.ndarray) -> float | None:
    own = [index_value(*pair) for pair in zip(map(_given, reference.T), map(_given, compared.T), strict=True)]
    defined = [value for value in own if value is not None]
    return float(np.mean(defined)) if defined else None


def _has_two(reference: np.ndarray, compared: np.ndarray) -> bool:
    """Whether some reader graded two participants in each group."""
    return bool(
        ((~np.isnan(reference)).sum(axis=0).clip(0, 2) + (~np.isnan(compared)).sum(axis=0).clip(0, 2) == 4).any()
    )


def _given(scores: np.ndarray) -> np.ndarray:
    return scores[~np.isnan(scores)]


def _with_interval(value: float | None, means: np.ndarray, has_two: bool) -> OverReaders:
    if value is None:
        return OverReaders(note=NO_READER)
    if not has_two:
        return OverReaders(value, note=FEW)
    defined = means[~np.isnan(means)]
    if not len(means) or len(defined) < LEAST_DEFINED * len(means):
        return OverReaders(value, note="No interval: too few resamples have somebody in both groups.")
    if np.ptp(defined) < 1e-12:
        return OverReaders(value, note=NO_SPREAD)
    low, high = np.percentile(defined, [2.5, 97.5])
    return OverReaders(value, float(low), float(high))


def _resampled_means(scores: tuple[np.ndarray, np.ndarray], weights: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """The mean index over readers in each resample: (resamples,), NaN where no reader has somebody in both groups."""
    levels = np.unique(np.concatenate([_given(of_group) for of_group in scores]))
    drawn0, drawn1 = (_drawn_at(levels, *pair) for pair in zip(scores, weights, strict=True))
    below = drawn0.cumsum(axis=-1) - drawn0 / 2
    with np.errstate(invalid="ignore"):
        own = (drawn1 * below).sum(axis=-1) / (drawn0.sum(axis=-1) * drawn1.sum(axis=-1))
        return np.where(np.isnan(own), 0.0, own).sum(axis=-1) / (~np.isnan(own)).sum(axis=-1)


def _drawn_at(levels: np.ndarray, scores: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How often each reader's score is at each level in each resample: (resamples, readers, levels)."""
    is_at = (scores[:, :, None] == levels).astype(float).reshape(len(scores), -1)
    return (weights @ is_at).reshape(len(weights), scores.shape[1], len(levels))


def _weights(reference: np.ndarray, compared: np.ndarray, resamples: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """How often each participant is drawn, two arrays (resamples in the block, n), a bounded block at a time."""
    random = np.random.default_rng(SEED)
    n0, n1 = len(reference), len(compared)
    is_reference_first = (n0, _bytes(reference)) <= (n1, _bytes(compared))
    size = max(1, _BLOCK // max(n0 + n1, 1))
    for start in range(0, resamples, size):
        rows = min(size, resamples - start)
        first, second = (_drawn(random, rows, n) for n in ((n0, n1) if is_reference_first else (n1, n0)))
        yield (first, second) if is_reference_first else (second, first)


def _drawn(random: np.random.Generator, rows: int, n: int) -> np.ndarray:
    cells = random.integers(n, size=(rows, n)) + n * np.arange(rows)[:, None]
    return np.bincount(cells.ravel(), minlength=rows * n).reshape(rows, n).astype(float)


def _canonical(scores: np.ndarray) -> np.ndarray:
    """The participants who have a score, by what their readers gave, whoever the readers are; then reader by reader."""
    scores = scores[~np.isnan(scores).all(axis=(1, 2))] + 0.0  # no negative zero
    if not len(scores):
        return scores
    keys = np.concatenate([np.sort(scores, axis=2), scores], axis=2).reshape(len(scores), -1)
    return scores[np.lexsort(keys.T[::-1])]


def _bytes(scores: np.ndarray) -> bytes:
    return np.nan_to_num(scores, nan=-1.0).tobytes()
