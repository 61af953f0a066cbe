"""The cross-validated area under the curve where nothing differs between the groups: how it lies, and its interval."""

from multiprocessing.pool import Pool

import numpy as np

from analysis.stats.pattern_score import pattern_score
from bench.page_tables import table
from bench.validity.scenarios import NULL, draw

SEED = 20250949
_NAMES = ("strong correlation", "weak correlation", "low grades", "smaller group twice as variable")
_SCENARIOS = tuple(place for place, one in enumerate(NULL) if one.name in _NAMES)

Task = tuple[int, int]  # the scenario's place, the data set's number


def pattern_score_report(pool: Pool, data_sets: int) -> str:
    """The table of areas and of intervals without a half in them, with the number of data sets."""
    rows, errors = [], []
    for place in _SCENARIOS:
        tasks = ((place, number) for number in range(data_sets))
        found = np.array(pool.map(area, tasks, chunksize=20))  # (data sets, 3)
        above, below = 100 * (found[:, 1] > 0.5).mean(), 100 * (found[:, 2] < 0.5).mean()
        errors.append(np.nanstd(found[:, 0]) / np.sqrt(data_sets))
        most = np.nanpercentile(found[:, 0], 95)
        rows.append([NULL[place].name, f"{np.nanmean(found[:, 0]):.3f}", f"{most:.2f}", f"{above:.1f}", f"{below:.1f}"])
    return (
        f"Where nothing differs, {data_sets:,} data sets each, 14 against 11 participants: mean area (0.5 without "
        f"bias; Monte-Carlo error at most {max(errors):.3f}), the area that one data set of twenty passes, and % of "
        "intervals that lie wholly above 0.5 (should be 2.5) and wholly below it.\n\n"
        + table(["", "mean area", "one of twenty above", "interval above 0.5", "below 0.5"], rows)
    )


def area(task: Task) -> tuple[float, float, float]:
    """The area of one data set with its interval, NaN where there is none."""
    place, number = task
    observed = draw(NULL[place], np.random.default_rng([SEED, place, number]))
    found = pattern_score(observed, ("IMNM", "DM"))
    low, value, high = (np.nan if one is None else one for one in (found.ci_low, found.value, found.ci_high))
    return value, low, high
