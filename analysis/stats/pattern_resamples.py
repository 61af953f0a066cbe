"""Which participants the interval of the pattern score draws: resamples within groups, from a fixed seed.

Participants stand in a canonical order (by their scores; the smaller group is drawn first): neither names nor the order
of rows matter.
"""

from collections.abc import Iterator

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.index.brunner_munzel import DECIMALS
from grading.anatomy import MUSCLE_CODES

RESAMPLES = 500
SEED = 20250946
_BLOCK = 500_000  # cells of resamples × participants × muscles held at a time


def rows_in_order(observed: Observations) -> np.ndarray:
    """Give the rows of those graded in the order in which they are drawn from."""
    rows = np.flatnonzero(observed.row_is_graded)
    means, is_compared = observed.means[rows], observed.row_is_compared[rows]
    # By the scores, muscle by muscle, without a score last; rounded, lest the last digit decide.
    return rows[np.lexsort([is_compared, *(np.round(means, DECIMALS) + 0.0).T[::-1]])]


def drawn_weights(is_compared: np.ndarray, resamples: int) -> Iterator[np.ndarray]:
    """Give how often each participant is drawn: (resamples in the block, n), a bounded block at a time.

    Args:
        is_compared: (n,) of the participants, as they stand in the order above.
    """
    random = np.random.default_rng(SEED)
    size = max(1, _BLOCK // (len(is_compared) * len(MUSCLE_CODES)))
    places = np.flatnonzero(~is_compared), np.flatnonzero(is_compared)
    for start in range(0, resamples, size):
        weights = np.zeros((min(size, resamples - start), len(is_compared)))
        for of_group in sorted(places, key=lambda place: (len(place), place[0])):
            weights[:, of_group] = _drawn(random, len(weights), len(of_group))
        yield weights


def _drawn(random: np.random.Generator, rows: int, n: int) -> np.ndarray:
    cells = random.integers(n, size=(rows, n)) + n * np.arange(rows)[:, None]
    return np.bincount(cells.ravel(), minlength=rows * n).reshape(rows, n).astype(float)
