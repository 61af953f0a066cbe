"""Agreement between readers, and of each reader with their own re-reads: one frame in, one answer out.

Units are participant x muscle (x side) of the reads in the analysis set ``all``; raters are readers (inter, pairs)
or, for one reader, the first read against each later one (intra). Units that some raters did not grade:

- Krippendorff's alpha takes every unit with two grades; Gwet's AC2 takes single grades too, for the grades' shares.
- Exact, within one and kappa take each pair of readers on the units both graded. With three readers or more, exact
  and within one pool the pairs (a pair counts by its units), and kappa is the mean over pairs.
- The ICC takes the units that every reader graded; beside it stands one of a mixed model, which takes every grade.

Intervals are 95 %: percentiles of 2,000 resamples of participants; for the ICC by its F distributions, which take
units as independent (so ``overall`` is narrower than it should be: a participant's muscles are alike).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.stats.agreement.bland_altman import Bias, bias
from analysis.stats.agreement.bootstrap import RESAMPLES
from analysis.stats.agreement.coefficients import Estimate
from analysis.stats.agreement.mixed_icc import Components, mixed_icc
from analysis.stats.agreement.reader_effects import ReaderEffect, reader_effects
from analysis.stats.agreement.resampled import resampled
from analysis.stats.agreement.summary import Summary, summary
from analysis.stats.agreement.units import UnitGrades, unit_grades
from analysis.stats.frame.canonical import data_version as version_of
from grading.anatomy import MUSCLE_CODES

OVERALL = "overall"


@dataclass(frozen=True)
class Entry:
    """Hold the agreement of some readers on one muscle, or on all muscles pooled (`OVERALL`)."""

    readers: tuple[str, ...]  # one alone: with their own re-reads
    muscle: str
    summary: Summary


@dataclass(frozen=True)
class Agreement:
    """Hold what one version of the data says about its readers: readers by name, muscles in the paper's order."""

    data_version: str
    readers: tuple[str, ...]
    inter: tuple[Entry, ...]
    pairs: tuple[Entry, ...]
    intra: tuple[Entry, ...]
    bias: tuple[Bias, ...]
    reader_effects: tuple[ReaderEffect, ...]
    mixed_model: tuple[tuple[str, Components], ...]  # by muscle, then of all
    resampled: tuple[tuple[str, dict[str, Estimate]], ...]  # likewise


def agreement(frame: pd.DataFrame, resamples: int = RESAMPLES, data_version: str = "", only: str = "") -> Agreement:
    """Compute the agreement of the readers of a frame (columns as `canonical.FRAME_COLUMNS`), however many they are.

    Args:
        data_version: of the frame, where it is known; else it is computed.
        only: a muscle, to compute nothing of others; or `OVERALL`, for what is of no one muscle.

    Raises:
        ValueError: for what no frame can hold (`analysis.stats.agreement.units.unit_grades`).
    """
    units = unit_grades(frame)
    readers = units.readers
    pairs = list(combinations(range(len(readers)), 2))
    of_all = pairs if only in ("", OVERALL) else []
    return Agreement(
        data_version=data_version or version_of(frame),
        readers=readers,
        inter=tuple(_entries(units.first, readers, _INTER_REASONS.get(len(readers), _NO_COMMON_UNIT), resamples, only)),
        pairs=tuple(entry for pair in pairs for entry in _pair(units, pair, resamples, only)),
        intra=tuple(entry for place in range(len(readers)) for entry in _intra(units, place, resamples, only)),
        bias=tuple(bias(units.first, readers, pair) for pair in of_all),
        reader_effects=tuple(reader_effects(units.first, readers)) if only in ("", OVERALL) else (),
        mixed_model=tuple((muscle, mixed_icc(grades)) for muscle, grades in by_muscle(units.first, only)),
        resampled=tuple((muscle, resampled(grades, resamples)) for muscle, grades in by_muscle(units.first, only)),
    )


_NO_COMMON_UNIT = "no muscle that two readers graded"
_INTER_REASONS = {0: "no reads", 1: "only one reader"}


def _pair(units: UnitGrades, pair: tuple[int, int], resamples: int, only: str) -> Iterator[Entry]:
    names = tuple(units.readers[place] for place in pair)
    return _entries(units.first[..., list(pair)], names, _NO_COMMON_UNIT, resamples, only)


def _intra(units: UnitGrades, place: int, resamples: int, only: str) -> Iterator[Entry]:
    """A reader's first read as one rater, the later read as the other; of several later reads, each is a unit."""
    later = units.later[..., place, :]
    first = np.broadcast_to(units.first[..., place, None], later.shape)
    reason = "no muscle graded in both reads" if (~np.isnan(later)).any() else "no re-reads"
    both = np.where(np.isnan(first) | np.isnan(later), np.nan, [first, later])
    return _entries(np.moveaxis(both, 0, -1), units.readers[place : place + 1], reason, resamples, only)


def _entries(grades: np.ndarray, readers: tuple[str, ...], reason: str, resamples: int, only: str) -> Iterator[Entry]:
    """Each muscle, then all of them, of grades (participants, muscles, ..., raters)."""
    for muscle, units in by_muscle(grades, only):
        yield Entry(readers, muscle, summary(units, reason, resamples))


def by_muscle(grades: np.ndarray, only: str = "") -> Iterator[tuple[str, np.ndarray]]:
    """Yield grades (participants, units of a participant, raters) of each muscle, then of all; or of one alone."""
    participants, muscles, *others, raters = grades.shape
    grades = grades.reshape(participants, muscles, int(np.prod(others)), raters)
    for place, muscle in enumerate(MUSCLE_CODES):
        if only in ("", muscle):
            yield muscle, grades[:, place]
    if only in ("", OVERALL):
        yield OVERALL, grades.reshape(participants, muscles * grades.shape[2], raters)
