"""False-positive rates of the tests of the pattern and of the index, where nothing differs between the groups."""

from multiprocessing.pool import Pool

import numpy as np

from analysis.stats.index.muscle_index import muscle_indices
from analysis.stats.mixed_model.pattern import pattern_tests
from bench.page_tables import table
from bench.validity.false_positives import false_positives
from bench.validity.scenarios import NULL, draw

SEED = 20250950
_GROUPS = ("IMNM", "DM")

Task = tuple[int, int]  # the scenario's place, the data set's number


def pattern_tests_report(pool: Pool, data_sets: int) -> str:
    """The table of false positives, with the number of data sets."""
    rows, errors = [], []
    for place, scenario in enumerate(NULL):
        tasks = ((place, number) for number in range(data_sets))
        found = false_positives(pool.map(p_values, tasks, chunksize=20))
        errors.append(found.error)
        rows.append([scenario.name, found.pattern, found.anything, found.of_muscles, found.lacking])
    return (
        f"False positives at 0.05 in % (should be 5), {data_sets:,} data sets each; of the index the mean over the "
        f"eleven muscles [lowest–highest muscle]. Monte-Carlo error at most {max(errors):.1f}.\n\n"
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
