"""Coverage of the intraclass correlation's F-based interval, for one muscle and for all muscles pooled.

25 participants, three readers. ICC(3,1) is about these readers: they are the same in every data set. ICC(2,1) is about
readers in general: they are drawn anew. The true value is that of a large sample.
"""

from collections.abc import Callable, Iterator

import numpy as np

from analysis.stats.agreement.coefficients import Estimate, MeanSquares, icc_2_1, icc_3_1, mean_squares
from bench.page_tables import table
from bench.validity.scenarios import GROUP, MUSCLES, READERS, Scenario, deviations, scores

SEED = 20250947
_LARGE = 4000, 100  # participants and readers of the sample that stands for the truth
_WORLDS = (
    Scenario("muscles of a participant unrelated", participant=0.0, cell=1.0, residual=0.4),
    Scenario("related", participant=0.7, cell=0.7, residual=0.4),
    Scenario("much alike", participant=0.9, cell=0.3, residual=0.5),
)
_COLUMNS = ("one muscle, ICC(2,1)", "one muscle, ICC(3,1)", "overall, ICC(2,1)", "overall, ICC(3,1)")

Coefficient = Callable[[MeanSquares], Estimate]


def agreement_report(data_sets: int) -> str:
    """The table of coverage, with the number of data sets."""
    shares = np.array([_coverage(world, data_sets) for world in _WORLDS])
    rows = [[world.name, *(f"{100 * share:.1f}" for share in row)] for world, row in zip(_WORLDS, shares, strict=True)]
    error = 100 * np.sqrt((shares * (1 - shares)).max() / data_sets)
    return (
        f"Coverage in % (should be 95), {data_sets:,} data sets each; Monte-Carlo error at most {error:.1f}.\n\n"
        + table(["", *_COLUMNS], rows)
    )


def _coverage(world: Scenario, data_sets: int) -> list[float]:
    """Shares of intervals that hold the truth, in the order of the columns."""
    random = np.random.default_rng([SEED, _WORLDS.index(world)])
    shares = [_covered(icc, draw, data_sets) for icc, draw in _draws(world, random)]
    return [share[1] for share in shares] + [share[0] for share in shares]


def _draws(world: Scenario, random: np.random.Generator) -> Iterator[tuple[Coefficient, Callable[..., np.ndarray]]]:
    """Each coefficient with what draws grades (participants, 11, readers) for it."""
    spread = READERS.std(ddof=1)

    def by_new_readers(participants: int = len(GROUP), readers: int = len(READERS)) -> np.ndarray:
        return _grades(world, participants, spread * random.standard_normal(readers), random)

    def by_these_readers(participants: int = len(GROUP), readers: int = len(READERS)) -> np.ndarray:
        return _grades(world, participants, np.resize(READERS, readers - readers % len(READERS)), random)

    yield icc_2_1, by_new_readers
    yield icc_3_1, by_these_readers


def _grades(world: Scenario, participants: int, readers: np.ndarray, random: np.random.Generator) -> np.ndarray:
    shape = (participants, MUSCLES, len(readers))
    return scores(world.levels[:, None] + readers + deviations(world, shape, random)).astype(float)


def _covered(icc: Coefficient, draw: Callable[..., np.ndarray], data_sets: int) -> tuple[float, float]:
    """The share of data sets whose interval holds the truth: overall, and mean over the muscles."""
    truths = np.array([estimate.value for estimate in _estimates(icc, draw(*_LARGE))])
    limits = [[(e.ci_low, e.ci_high) for e in _estimates(icc, draw())] for _ in range(data_sets)]
    low, high = np.array(limits, dtype=float).transpose(2, 0, 1)  # an interval that does not exist is NaN
    shares = ((low <= truths) & (truths <= high)).sum(axis=0) / (~np.isnan(low)).sum(axis=0)
    return float(shares[0]), float(shares[1:].mean())


def _estimates(icc: Coefficient, grades: np.ndarray) -> list[Estimate]:
    """All muscles pooled, then each muscle."""
    pooled = grades.reshape(-1, grades.shape[-1])
    return [icc(mean_squares(units)) for units in (pooled, *grades.swapaxes(0, 1))]
