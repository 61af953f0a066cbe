"""False-positive rates and interval coverage of every test, by simulation.

    .venv/bin/python -m bench.validity            2,000 data sets a scenario; writes docs/statistics.md
    .venv/bin/python -m bench.validity --quick    200 data sets a scenario; prints only
    .venv/bin/python -m bench.validity --only ordinal pattern-score    these tables alone

Worlds are in `bench.validity.scenarios`, tests in `bench.validity.methods`. Every data set has a seed of its own, so
the tables do not depend on the number of processes. The full run takes some 55 minutes of one processor.
"""

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from time import perf_counter

import numpy as np

from bench.page_tables import write
from bench.validity.agreement import agreement_report
from bench.validity.all_groups import all_groups_report
from bench.validity.methods import Outcome, outcome
from bench.validity.ordinal import ordinal_report
from bench.validity.pattern_score import pattern_score_report
from bench.validity.pattern_tests import pattern_tests_report
from bench.validity.report import Tally, report, tally
from bench.validity.scenarios import NULL, WITH_EFFECTS, Scenario, draw

SEED = 20250946
DATA_SETS, QUICK = 2000, 200
PERMUTATIONS = 999
PAGE = Path(__file__).resolve().parents[2] / "docs" / "statistics.md"

Task = tuple[int, Scenario, int]  # the scenario's place, the scenario, the data set's number


def main() -> None:
    arguments = _arguments()
    data_sets = QUICK if arguments.quick else DATA_SETS
    # Matrices of a few rows: threads of the linear algebra would only wait for each other.
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    with get_context("spawn").Pool(arguments.processes) as pool:
        for name in arguments.only:
            start = perf_counter()
            tables = TABLES[name](pool, data_sets)
            print(f"{name}: {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)
            print(tables, end="\n\n", flush=True)
            if not arguments.quick:
                write(PAGE, name if name == "validity" else f"validity-{name}", tables)


def comparisons_report(pool: Pool, data_sets: int) -> str:
    """The tables of the group comparisons."""
    tallies = list(_simulated(pool, (*NULL, *WITH_EFFECTS), data_sets))
    return report(tallies[: len(NULL)], tallies[len(NULL) :])


# By the name of their markers on the page.
TABLES: dict[str, Callable[[Pool, int], str]] = {
    "validity": comparisons_report,
    "pattern": pattern_tests_report,
    "all-groups": all_groups_report,
    "ordinal": ordinal_report,
    "pattern-score": pattern_score_report,
    "agreement": lambda _, data_sets: agreement_report(data_sets),
}


def simulate(task: Task) -> Outcome:
    """One data set with all its tests; permutations only under the null hypothesis, for they give no interval."""
    place, scenario, number = task
    observed = draw(scenario, np.random.default_rng([SEED, place, number]))
    return outcome(observed, PERMUTATIONS if scenario.is_null else 0)


def _simulated(pool: Pool, scenarios: tuple[Scenario, ...], data_sets: int) -> Iterator[Tally]:
    for place, scenario in enumerate(scenarios):
        start = perf_counter()
        tasks = ((place, scenario, number) for number in range(data_sets))
        yield tally(scenario, list(pool.imap(simulate, tasks, chunksize=20)))
        kind = "null" if scenario.is_null else "with effects"
        print(f"{scenario.name}, {kind}: {perf_counter() - start:.0f} s", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Simulate false-positive rates and coverage.")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} data sets a scenario; prints only")
    parser.add_argument("--only", nargs="+", choices=TABLES, default=list(TABLES), help="these tables alone")
    parser.add_argument("--processes", type=int, default=2, help="how many processes share the work (default 2)")
    return parser.parse_args()


if __name__ == "__main__":
    main()
