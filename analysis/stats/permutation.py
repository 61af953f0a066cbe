"""Permutation p values: what the labels of the groups could have shown by chance.

The statistic of a muscle is the absolute Welch t of participants' mean scores,

    |t| = |m₁ − m₀| / √(s₁²/n₁ + s₀²/n₀)

where reads are missing of means adjusted for reader and side by least squares. Labels are permuted among
participants, all muscles at once, so that their correlation is kept. With b of N permutations at least as extreme:

    raw    p  = (1 + #{|t_b| ≥ |t|}) / (N + 1)
    max-T  p  = (1 + #{max over muscles |t_b| ≥ |t|}) / (N + 1)       (Westfall & Young 1993, single step)

A permutation that leaves a muscle fewer than two participants in a group, or no difference and no variance, has
|t| = 0 there: a fixed rule, so the test stays exact.

The seed is fixed and participants stand in a canonical order (size of the group, then their scores), so the same
data give the same p, whatever the names and the order of rows, and whatever processor computes it: sums differ there
in their last digits, and so |t_b| counts as at least |t| from a relative 1e-9 below it.

Sources: Westfall & Young, Resampling-Based Multiple Testing, Wiley 1993. Phipson & Smyth, Stat Appl Genet Mol
Biol 2010;9:39 (why 1 is added).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SEED = 20250946
DEFAULT_PERMUTATIONS = 10_000
DEFAULT_UP_TO = 250  # participants
_BLOCK = 2_000_000  # labels held at a time
_TIE = 1 - 1e-9  # equal but for rounding, which is the processor's, counts as equally extreme


@dataclass(frozen=True)
class PermutationP:
    """(muscles,) raw and max-T adjusted p values."""

    raw: np.ndarray
    max_t: np.ndarray


def default_permutations(participants: int) -> int:
    """10,000 up to 250 participants, else none."""
    return DEFAULT_PERMUTATIONS if participants <= DEFAULT_UP_TO else 0


def permutation_p(means: np.ndarray, is_compared: np.ndarray, permutations: int) -> PermutationP:
    """Raw and max-T p values.

    Args:
        means: (n, muscles) participants' means, adjusted where reads are missing; NaN for none. Each muscle has two
            participants in each group, and some variance.
        is_compared: (n,) the observed labels.
        permutations: N, at least 1.
    """
    scaled, is_smaller = _scaled(means), _smaller(is_compared)
    order = _canonical(scaled, is_smaller)
    scaled, is_smaller = scaled[order], is_smaller[order]
    observed = _welch(scaled, is_smaller[None].astype(float))[0] * _TIE
    raw, max_t = np.zeros(len(observed)), np.zeros(len(observed))
    for labels in _permuted(len(is_smaller), int(is_smaller.sum()), permutations):
        t = _welch(scaled, labels)
        raw += (t >= observed).sum(axis=0)
        max_t += (t.max(axis=1)[:, None] >= observed).sum(axis=0)
    return PermutationP((1 + raw) / (permutations + 1), (1 + max_t) / (permutations + 1))


def permuted_labels(means: np.ndarray, is_compared: np.ndarray, permutations: int) -> np.ndarray:
    """List the very permutations of ``permutation_p``, (N, n), for those who count anew: true in the smaller group.

    Args: as ``permutation_p``; participants stand in the order of ``means``.
    """
    is_smaller = _smaller(is_compared)
    order = _canonical(_scaled(means), is_smaller)
    labels = np.empty((permutations, len(order)), dtype=bool)
    done = 0
    for block in _permuted(len(order), int(is_smaller.sum()), permutations):
        labels[done : done + len(block), order] = block > 0
        done += len(block)
    return labels


def _smaller(is_compared: np.ndarray) -> np.ndarray:
    """Who is of the smaller group; of equal groups, of the compared one."""
    return is_compared if 2 * is_compared.sum() <= len(is_compared) else ~is_compared


def _permuted(n: int, smaller: int, permutations: int) -> Iterator[np.ndarray]:
    """Blocks of labels (b, n), 1 for the smaller group."""
    random = np.random.default_rng(SEED)
    block = max(1, _BLOCK // n)
    for done in range(0, permutations, block):
        rows = min(block, permutations - done)
        yield _smallest(random.random((rows, n), dtype=np.float32), smaller).astype(float)


def _smallest(values: np.ndarray, count: int) -> np.ndarray:
    """Which values of each row are its ``count`` smallest, (rows, n); of equal ones those that come first.

    np.argpartition leaves it to the processor's instructions which of equal values it takes.
    """
    limit = np.partition(values, count - 1, axis=1)[:, [count - 1]]
    below, equal = values < limit, values == limit
    left = count - below.sum(axis=1, keepdims=True)
    return below | (equal & (equal.cumsum(axis=1) <= left))


def _welch(means: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """|t| for each row of labels (b, n) and each muscle of means (n, muscles): (b, muscles)."""
    present = ~np.isnan(means)
    y = np.where(present, means, 0.0)
    parts = np.hstack([present, y, y**2])
    inside = np.split(labels @ parts, 3, axis=1)
    outside = [whole - part for whole, part in zip(np.split(parts.sum(axis=0), 3), inside, strict=True)]
    (n1, m1, v1), (n0, m0, v0) = _moments(*inside), _moments(*outside)
    difference, variance = np.abs(m1 - m0), v1 + v0
    with np.errstate(divide="ignore", invalid="ignore"):
        t = difference / np.sqrt(variance)
    undefined = (n1 < 2) | (n0 < 2) | (difference < 1e-12)
    return np.where(undefined, 0.0, t)


def _moments(n: np.ndarray, total: np.ndarray, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """n, mean, and squared standard error of the mean; variances that are only rounding are 0."""
    mean = total / np.maximum(n, 1)
    spread = squares - n * mean**2
    return n, mean, np.where(spread < 1e-12, 0.0, spread) / np.maximum(n * (n - 1), 1)


def _scaled(means: np.ndarray) -> np.ndarray:
    """Each muscle about its mean in units of its largest distance from it."""
    centred = means - np.nanmean(means, axis=0)
    unit = np.nanmax(np.abs(centred), axis=0)
    is_rounding = unit <= 1e-12 * np.nanmax(np.abs(means), axis=0)
    return np.where(is_rounding, 0.0 * centred, centred / np.where(is_rounding, 1.0, unit))


def _canonical(means: np.ndarray, is_smaller: np.ndarray) -> np.ndarray:
    """Participants by size of group, then by their scores, muscle by muscle; without a score last.

    Scores are rounded for this, lest the rounding of the last digit decide.
    """
    sizes_differ = 2 * is_smaller.sum() != len(is_smaller)
    scores = np.round(means, 10) + 0.0  # no negative zero
    keys = [*scores.T[::-1], ~is_smaller if sizes_differ else np.zeros(len(means))]
    return np.lexsort(keys)
