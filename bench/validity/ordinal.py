"""False-positive rates of the ordinal model's likelihood ratio, where nothing differs between the groups."""

from multiprocessing.pool import Pool

import numpy as np

from analysis.stats.ordinal.cumulative_logit import log_odds_ratio
from bench.page_tables import table
from bench.validity.scenarios import MUSCLES, NULL, draw

SEED = 20250948
_SCENARIOS = tuple(
    place for place, one in enumerate(NULL) if one.name in ("strong correlation", "weak correlation", "low grades")
)
_LEVEL = 0.05

Task = tuple[int, int]  # the scenario's place, the data set's number


def ordinal_report(pool: Pool, data_sets: int) -> str:
    """The table of false positives, with the number of data sets."""
    rows, errors = [], []
    for place in _SCENARIOS:
        tasks = ((place, number) for number in range(data_sets))
        p = np.array(pool.map(p_values, tasks, chunksize=20))  # (data sets, 11), NaN without an answer
        rejected = np.where(np.isnan(p), np.nan, p <= _LEVEL)
        of_muscles = 100 * np.nanmean(rejected, axis=0)
        errors.append(np.nanstd(np.nanmean(rejected, axis=1)) / np.sqrt(data_sets))
        share = f"{of_muscles.mean():.1f} [{of_muscles.min():.1f}–{of_muscles.max():.1f}]"
        rows.append([NULL[place].name, share, f"{100 * np.isnan(p).mean():.1f}"])
    return (
        f"False positives of the ordinal model at 0.05 in % (should be 5), {data_sets:,} data sets each: mean over the "
        f"eleven muscles [lowest–highest muscle]; Monte-Carlo error of a mean at most {100 * max(errors):.1f}.\n\n"
        + table(["", "likelihood ratio", "without an answer"], rows)
    )


def p_values(task: Task) -> list[float]:
    """The p of each muscle of one data set."""
    place, number = task
    observed = draw(NULL[place], np.random.default_rng([SEED, place, number]))
    found = [log_odds_ratio(observed, muscle, ("IMNM", "DM"), has_interval=False).p for muscle in range(MUSCLES)]
    return [np.nan if p is None else p for p in found]
