"""False-positive rates of the tests of the pattern and of the index, where nothing differs between the groups."""

from multiprocessing.pool import Pool

import numpy as np

from analysis.stats.index.muscle_index import muscle_indices
from analysis.stats.mixed_model.pattern import pattern_tests
from bench.page_tables import table
from bench.validity.scenarios import NULL, draw

SEED = 20250950
_GROUPS = ("IMNM", "DM")
_LEVEL = 0.05

Task = tuple[int, int]  # the scenario's place, the data set's number


def pattern_tests_report(pool: Pool, data_sets: int) -> str:
    """The table of false positives, with the number of data sets."""
    rows, errors = [], []
    for place, scenario in enumerate(NULL):
        tasks = ((place, number) for number in range(data_sets))
        p = np.array(pool.map(p_values, tasks, chunksize=20))  # (data sets, 2 + 11), NaN without an answer
        rejected = np.where(np.isnan(p), np.nan, p <= _LEVEL)
        pattern, anything, *muscles = 100 * np.nanmean(rejected, axis=0)
        # Muscles of a data set are correlated: the data set is the unit.
        by_data_set = np.column_stack([rejected[:, :2], np.nanmean(rejected[:, 2:], axis=1)])
        errors.append(np.nanstd(by_data_set, axis=0).max() / np.sqrt(data_sets))
        index = f"{np.mean(muscles):.1f} [{min(muscles):.1f}–{max(muscles):.1f}]"
        rows.append([scenario.name, f"{pattern:.1f}", f"{anything:.1f}", index, f"{100 * np.isnan(p).mean():.1f}"])
    return (
        f"False positives at 0.05 in % (should be 5), {data_sets:,} data sets each; of the index the mean over the "
        f"eleven muscles [lowest–highest muscle]. Monte-Carlo error at most {100 * max(errors):.1f}.\n\n"
        + table(["", "the patterns differ", "anything differs", "index (Brunner–Munzel)", "without an answer"], rows)
    )


def p_values(task: Task) -> list[float]:
    """The p of both tests of the pattern and of the index of each muscle, of one data set."""
    place, number = task
    observed = draw(NULL[place], np.random.default_rng([SEED, place, number]))
    tests = pattern_tests(observed, _GROUPS)
    indices = muscle_indices(observed, _GROUPS, resamples=0)
    p = [each.test.p if each.test else None for each in (tests.pattern, tests.any)]
    return [np.nan if one is None else one for one in [*p, *(index.of_means.p for index in indices)]]
