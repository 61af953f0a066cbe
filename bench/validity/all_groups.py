"""False-positive rates of the tests over all groups, where nothing differs between three groups."""

from multiprocessing.pool import Pool

import numpy as np
import pandas as pd

from analysis.stats.mixed_model.omnibus import omnibus
from bench.page_tables import table
from bench.validity.false_positives import false_positives
from bench.validity.scenarios import NULL, draw
from grading.anatomy import MUSCLE_CODES

SEED = 20250952
_GROUPS = ("IMNM", "DM", "IBM")  # of 9, 8 and 8 participants
_SCENARIOS = tuple(place for place, one in enumerate(NULL) if one.name in ("strong correlation", "low grades"))

Task = tuple[int, int]  # the scenario's place, the data set's number


def all_groups_report(pool: Pool, data_sets: int) -> str:
    """The table of false positives, with the number of data sets."""
    rows, errors = [], []
    for place in _SCENARIOS:
        tasks = ((place, number) for number in range(data_sets))
        found = false_positives(pool.map(p_values, tasks, chunksize=20))
        errors.append(found.error)
        rows.append([NULL[place].name, found.of_muscles, found.pattern, found.anything, found.lacking])
    return (
        f"False positives at 0.05 in % (should be 5) of the tests over three groups of 9, 8 and 8 participants, "
        f"{data_sets:,} data sets each; of a muscle the mean over the eleven [lowest–highest muscle]. Monte-Carlo "
        f"error at most {max(errors):.1f}.\n\n"
        + table(["", "of a muscle", "the patterns differ", "anything differs", "without an answer"], rows)
    )


def p_values(task: Task) -> list[float]:
    """The p of both tests of all muscles at once and of each muscle, of one data set."""
    place, number = task
    found = omnibus(_frame(place, number), _GROUPS, "per-muscle")
    tests = (found.pattern.pattern, found.pattern.any, *found.muscles)
    return [each.test.p if each.test else np.nan for each in tests]


def _frame(place: int, number: int) -> pd.DataFrame:
    """The grades of a data set of two groups that are alike in everything, dealt to three."""
    observed = draw(NULL[place], np.random.default_rng([SEED, place, number]))
    participant = observed.read // len(observed.readers)
    return pd.DataFrame(
        {
            "participant": participant.astype(str),
            "group": np.array(_GROUPS)[participant % len(_GROUPS)],
            "mri": "M1",
            "reader": np.array(observed.readers)[observed.reader],
            "occasion": 1,
            "sequence": "STIR",
            "feature": "edema",
            "muscle": np.array(MUSCLE_CODES)[observed.muscle],
            "side": "both",
            "score": observed.score,
        }
    )
