"""How fast the comparison is, beside R and statsmodels, and how that grows with the study.

    .venv/bin/python -m bench.comparison            up to 25,000 participants; writes docs/performance.md and its plot
    .venv/bin/python -m bench.comparison --quick    up to 250 participants, two minutes; prints only
    .venv/bin/python -m bench.comparison --beyond   pattern, adjustment, ordinal model alone; writes their table

Cohorts of 11 muscles × 3 readers are made by `bench.comparison.cohorts`. Every engine gets the same data in the same
run, one thread, and everything loaded; where R answers differently the run ends without a table. Each measurement has
a process of its own. The full run takes some ten minutes of a machine that should have nothing else to do.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from bench.arguments import parser_of
from bench.comparison import cohort as comparison_cohort
from bench.comparison import database as comparison_database
from bench.comparison import memory as comparison_memory
from bench.comparison.beyond import beyond_report
from bench.comparison.cohort import Measured
from bench.comparison.database import FromDatabase
from bench.comparison.engines import why_no_r
from bench.comparison.growth import growth
from bench.comparison.memory import Memory
from bench.comparison.report import report
from bench.comparison.targets import Results
from bench.page_tables import write

SIZES, QUICK_SIZES = (25, 250, 2500, 25000), (25, 250)
REPETITIONS, QUICK_REPETITIONS = 9, 3
MISSING = (0.0, 0.1)
MODELS = ("per-muscle", "joint")
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE, PLOT = DOCS / "performance.md", DOCS / "images" / "performance-growth.svg"


def main() -> None:
    parser = parser_of(__doc__, quick="two small sizes, two minutes; prints only")
    parser.add_argument("--beyond", action="store_true", help="pattern, adjustment and ordinal model alone")
    arguments = parser.parse_args()
    is_quick = arguments.quick
    os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
    if arguments.beyond or not (is_quick or why_no_r()):
        tables = _alone(beyond_report)
        print(tables)
        write(PAGE, "comparison-beyond", tables)
    if arguments.beyond:
        return
    results = _results(*(QUICK_SIZES, QUICK_REPETITIONS) if is_quick else (SIZES, REPETITIONS))
    tables = report(results)
    print(tables)
    if not is_quick:
        write(PAGE, "comparison", tables)
        PLOT.parent.mkdir(exist_ok=True)
        PLOT.write_text(growth(results.cohorts))


def _results(sizes: tuple[int, ...], repetitions: int) -> Results:
    load = os.getloadavg()[0]
    if missing_r := why_no_r():
        _say(f"Without R's columns: {missing_r}.")
    return Results(
        cohorts=[_cohort(size, missing, repetitions, not missing_r) for size in sizes for missing in MISSING],
        memory=_memory(sizes[-1]),
        database=_database(sizes[-1], repetitions),
        load=load,
        missing_r=missing_r,
    )


def _cohort(participants: int, missing: float, repetitions: int, with_r: bool) -> Measured:
    _say(f"{participants:,} participants, {missing:.0%} of grades missing")
    return _alone(comparison_cohort.measure, participants, missing, repetitions, with_r)


def _memory(participants: int) -> dict[str, Memory]:
    if not comparison_memory.is_measurable():
        _say("Without memory: it is read from /proc, which only Linux has.")
        return {}
    _say(f"Memory at {participants:,} participants")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "frame.pickle"
        _alone(comparison_memory.store, participants, path)
        return {model: comparison_memory.measure(path, model) for model in MODELS}


def _database(participants: int, repetitions: int) -> FromDatabase:
    _say(f"From the database at {participants:,} participants")
    return _alone(comparison_database.measure, participants, repetitions)


def _alone(ask: Callable[..., Any], *arguments: Any) -> Any:
    """The answer of a new process, which finds the environment's number of threads."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(ask, *arguments).result()


def _say(progress: str) -> None:
    print(progress, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
