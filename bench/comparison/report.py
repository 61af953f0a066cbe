"""The measurements as Markdown tables, and their place in the documentation."""

import os
import platform
from pathlib import Path

from bench.comparison.cohort import (
    CLMM,
    LME4,
    LMERTEST,
    OURS,
    OURS_NAMED,
    PBKRTEST,
    STATSMODELS,
    WITH_INTERVALS,
    Measured,
)
from bench.comparison.database import FromDatabase
from bench.comparison.memory import Memory
from bench.comparison.targets import Results, targets
from bench.comparison.timing import Seconds
from bench.page_tables import table

_NONE = "–"


def report(results: Results) -> str:
    """All tables, each under a heading."""
    reached = [[text, measured, "yes" if holds else "**no**"] for text, measured, holds in targets(results)]
    parts = [
        _conditions(results),
        "#### Targets" if reached else "",
        table(["target", "measured", "holds"], reached) if reached else "",
        "#### Per muscle: seconds by the clock (of the processor), and how many times faster ours is",
        _engines(results.cohorts, "per_muscle", (LMERTEST, PBKRTEST, STATSMODELS)),
        "#### Joint model: seconds by the clock (of the processor), and how many times faster ours is",
        _engines(results.cohorts, "joint", (LME4,)),
        "#### Ordinal model, two fits: seconds by the clock (of the processor), and how many times faster ours is",
        _ordinal(results.cohorts),
        _agreement(results.cohorts),
        "#### Memory and database",
        table(["", "measured"], [*_memory(results.memory), *_database(results.database)]),
    ]
    return "\n\n".join(part for part in parts if part)


def _conditions(results: Results) -> str:
    versions = {"Python": platform.python_version()} | results.cohorts[0].versions
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    without_r = f" Without R: {results.missing_r}." if results.missing_r else ""
    return (
        f"{os.cpu_count()} cores ({_processor()}), load {results.load:.2f} in the minute before; one thread. "
        f"{listed}.{without_r}"
    )


def _processor() -> str:
    """The processor's model where Linux says it."""
    path = Path("/proc/cpuinfo")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _engines(cohorts: list[Measured], model: str, engines: tuple[str, ...]) -> str:
    timed: list[dict[str, Seconds]] = [getattr(cohort, model) for cohort in cohorts]
    others = [other for other in engines if any(other in found for found in timed)]
    heads = ["participants", "grades", "missing", OURS, "with the data version", *others]
    rows = []
    for cohort, found in zip(cohorts, timed, strict=True):
        size = [f"{cohort.participants:,}", f"{cohort.grades:,}", f"{cohort.missing:.0%}"]
        ours = [_seconds(found[OURS]), _seconds(found[OURS_NAMED])]
        rows.append(size + ours + [_beside(found[OURS], found.get(other)) for other in others])
    return table(heads, rows)


def _ordinal(cohorts: list[Measured]) -> str:
    rows = [
        [
            f"{cohort.participants:,}",
            f"{cohort.missing:.0%}",
            _seconds(cohort.ordinal[OURS]),
            _seconds(cohort.ordinal[WITH_INTERVALS]),
            _beside(cohort.ordinal[OURS], cohort.ordinal.get(CLMM)),
            _NONE if cohort.clmm_answers is None else f"{cohort.clmm_answers} of 11",
        ]
        for cohort in cohorts
    ]
    return table(["participants", "missing", OURS, "with intervals", CLMM, "muscles without a warning of clmm"], rows)


def _beside(ours: Seconds, other: Seconds | None) -> str:
    return f"{_seconds(other)}, {times(ours.times_faster_than(other))}" if other else _NONE


def _seconds(measured: Seconds) -> str:
    return f"{measured.wall:.2g} ({measured.cpu:.2g})"


def times(ratio: float) -> str:
    return f"{ratio:.0f} ×" if ratio >= 10 else f"{ratio:.1f} ×"


def _agreement(cohorts: list[Measured]) -> str:
    engines = sorted({engine for cohort in cohorts for engine in cohort.differences})
    if not engines:
        return ""
    largest = ", ".join(f"{max(c.differences.get(engine, 0) for c in cohorts):.1g} from {engine}" for engine in engines)
    fits = [cohort.converged for cohort in cohorts if cohort.converged is not None]
    return (
        "Largest difference of any estimate or standard error in these cohorts, in standard errors: "
        f"{largest}. statsmodels' optimiser reported convergence in {sum(fits)} of {11 * len(fits)} fits."
    )


def _memory(memory: dict[str, Memory]) -> list[list[str]]:
    return [
        [
            f"memory, {model}",
            f"{one.growth:.0f} MB beside the frame, {one.growth_with_frame:.0f} MB with it; "
            f"the whole process {one.peak:.0f} MB",
        ]
        for model, one in memory.items()
    ]


def _database(database: FromDatabase) -> list[list[str]]:
    of = f"of {database.grades:,} grades from the database"
    return [
        [f"frame {of}", f"{database.study_frame:.2f} s"],
        ["comparison of that frame, per muscle", f"{database.compare:.2f} s"],
        ["comparison of that frame, joint", f"{database.joint:.2f} s"],
    ]
