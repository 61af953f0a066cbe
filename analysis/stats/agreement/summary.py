"""All coefficients of one set of units, with their intervals, and the reason for each that does not exist."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar, get_args

import numpy as np

from analysis.stats.agreement.bootstrap import Interval, mean_of_defined, percentile_intervals
from analysis.stats.agreement.coefficients import (
    Estimate,
    MeanSquares,
    Undefined,
    ac2_quadratic,
    alpha_ordinal,
    icc_2_1,
    icc_3_1,
    mean_squares,
    share_within,
    weighted_kappas,
)
from analysis.stats.agreement.tallies import Tallies, in_canonical_order, tally
from analysis.stats.result_types.codes import CoefficientCode

Name = TypeVar("Name", bound=str)

COEFFICIENTS: tuple[CoefficientCode, ...] = get_args(CoefficientCode)
_NOTHING = dict.fromkeys(COEFFICIENTS, Estimate())


@dataclass(frozen=True)
class Summary:
    """Hold estimates by the codes in `COEFFICIENTS`; ``units`` are those with two grades or more."""

    units: int
    estimates: dict[CoefficientCode, Estimate] = field(default_factory=_NOTHING.copy)
    reason: str = ""  # why there is nothing at all

    @property
    def notes(self) -> dict[str, list[CoefficientCode]]:
        """List the coefficients that each reason is about: none where it is the reason why there is nothing at all."""
        return {self.reason: []} if self.reason else by_note(self.estimates)

    @property
    def note(self) -> str:
        """Write the notes in one line, with the coefficients' codes; empty where there is nothing to say."""
        return in_one_line(self.notes)


def by_note(estimates: Mapping[Name, Estimate]) -> dict[str, list[Name]]:
    """List the estimates that each note is about, by their names."""
    concerned: dict[str, list[Name]] = {}
    for name, estimate in estimates.items():
        if estimate.note:
            concerned.setdefault(estimate.note, []).append(name)
    return concerned


def in_one_line(notes: Mapping[str, Sequence[str]]) -> str:
    """Write notes behind the names that they are about; empty where there is nothing to say."""
    return "; ".join(f"{', '.join(names)}: {note}" if names else note for note, names in notes.items())


def summary(grades: np.ndarray, reason: str, resamples: int) -> Summary:
    """Agreement of raters on grades (participants, units of a participant, raters), NaN where there is none.

    Args:
        reason: why no unit has two grades, should that be so.
    """
    grades = in_canonical_order(grades)
    units = int(((~np.isnan(grades)).sum(axis=-1) >= 2).sum())
    if not units:
        return Summary(0, reason=reason)
    tallies = tally(grades)
    limits = percentile_intervals(tallies, resamples)
    points = _points(tallies.total())
    estimates = {name: _with_limits(point, limits[name]) for name, point in points.items()}
    return Summary(units, estimates | _intraclass(grades.reshape(-1, grades.shape[-1]), units))


def _points(total: Tallies) -> dict[CoefficientCode, Estimate]:
    return {
        "exact": _point(share_within(total, 0)),
        "within_one": _point(share_within(total, 1)),
        "kappa_linear": _mean_kappa(weighted_kappas(total.tables, "linear")),
        "kappa_quadratic": _mean_kappa(weighted_kappas(total.tables, "quadratic")),
        "alpha_ordinal": _point(alpha_ordinal(total), undefined="no variance, all grades are equal"),
        "ac2": _point(ac2_quadratic(total)),
    }


def _point(value: np.ndarray, undefined: str = "") -> Estimate:
    return Estimate(note=undefined) if np.isnan(value) else Estimate(float(value))


def _mean_kappa(kappas: np.ndarray) -> Estimate:
    """Mean over the pairs of raters that have a kappa."""
    defined = int((~np.isnan(kappas)).sum())
    if not defined:
        return Estimate(note="no variance, all grades of a pair are equal")
    some = f"mean of {defined} of {len(kappas)} pairs, the others have no common units or no variance"
    return Estimate(float(mean_of_defined(kappas)), note="" if defined == len(kappas) else some)


def _with_limits(point: Estimate, interval: Interval) -> Estimate:
    if point.value is None:
        return point
    note = "; ".join(filter(None, (point.note, interval.note)))
    return Estimate(point.value, interval.low, interval.high, note)


def _intraclass(grades: np.ndarray, units: int) -> dict[CoefficientCode, Estimate]:
    """ICCs of the units (all units, raters) that every rater graded, with a note if they are not all."""
    complete = grades[~np.isnan(grades).any(axis=1)]
    return {
        "icc_2_1": _icc(icc_2_1, complete, units),
        "icc_3_1": _icc(icc_3_1, complete, units),
    }


def _icc(formula: Callable[[MeanSquares], Estimate], complete: np.ndarray, units: int) -> Estimate:
    try:
        estimate = formula(mean_squares(complete))
    except Undefined as reason:
        return Estimate(note=str(reason))
    if len(complete) == units:
        return estimate
    some = f"from the {len(complete):,} of {units:,} units that every rater graded"
    return replace(estimate, note="; ".join(filter(None, (some, estimate.note))))
