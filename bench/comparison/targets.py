"""What was measured, what the comparison has to reach, and whether it does.

A target holds when it holds for complete data and with grades missing, by the clock and by the processor.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bench.comparison.cohort import CLMM, LME4, LMERTEST, OURS, OURS_NAMED, WITH_INTERVALS, Measured
from bench.comparison.database import FromDatabase
from bench.comparison.memory import Memory

LARGEST = 25000  # participants: 825,000 grades
RATIOS = (  # participants, model, beside, times faster
    (25, "per_muscle", LMERTEST, 8),
    (25, "ordinal", CLMM, 8),
    (LARGEST, "per_muscle", LMERTEST, 40),
    (LARGEST, "joint", LME4, 40),
)
SECONDS_FROM_FRAME, MEGABYTES, SECONDS_FROM_DATABASE = 1.0, 400, 3.0

Target = tuple[str, str, bool]  # what to reach, what was measured, whether it holds


@dataclass(frozen=True)
class Results:
    """Everything measured in one run. load: of the machine over the minute before it. memory: by model."""

    cohorts: list[Measured]
    memory: dict[str, Memory]
    database: FromDatabase
    load: float
    missing_r: str


def targets(results: Results) -> list[Target]:
    """Those that this run measured."""
    found = [target for wanted in RATIOS if (target := _ratio(results.cohorts, *wanted))]
    return found + list(_at_the_largest(results))


def _ratio(cohorts: list[Measured], participants: int, model: str, other: str, least: int) -> Target | None:
    timed = [getattr(cohort, model) for cohort in cohorts if cohort.participants == participants]
    if not timed or other not in timed[0]:
        return None
    also, beside = (WITH_INTERVALS, "intervals") if model == "ordinal" else (OURS_NAMED, "the data version")
    bare, named = (min(one[ours].times_faster_than(one[other]) for one in timed) for ours in (OURS, also))
    return (
        f"{participants:,} participants, {model.replace('_', ' ')}: at least {least} times faster than {other}",
        f"{bare:.1f} ×; with {beside} {named:.1f} ×",
        bare >= least,
    )


def _at_the_largest(results: Results) -> Iterator[Target]:
    largest = [cohort.per_muscle for cohort in results.cohorts if cohort.participants == LARGEST]
    if not largest:
        return
    bare, named = (max(one[ours].wall for one in largest) for ours in (OURS, OURS_NAMED))
    yield (
        f"{LARGEST:,} participants, per muscle: under {SECONDS_FROM_FRAME:g} s from the frame",
        f"{bare:.2f} s; with the data version {named:.2f} s",
        bare < SECONDS_FROM_FRAME,
    )
    if results.memory:
        most = max(one.growth_with_frame for one in results.memory.values())
        yield f"the same: under {MEGABYTES} MB", f"{most:.0f} MB, frame included", most < MEGABYTES
    seconds = results.database.study_frame
    yield (
        f"frame of {results.database.grades:,} grades from the database: under {SECONDS_FROM_DATABASE:g} s",
        f"{seconds:.2f} s",
        seconds < SECONDS_FROM_DATABASE,
    )
