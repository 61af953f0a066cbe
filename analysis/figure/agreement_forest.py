"""Agreement per muscle with intervals, as a forest plot: where everything stands on an SVG canvas.

One panel for each coefficient, all with one axis, muscles in rows by compartment, all muscles pooled at the foot.
The template draws it; colours belong to the theme.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import floor
from typing import Any

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.words.agreement.coefficients import BY_CODE, is_too_narrow
from analysis.words.agreement.table import muscle_label
from analysis.words.notation import DASH, interval, number
from grading.anatomy import MUSCLES

ROW, HEADING, TOP = 22, 24, 48  # heights in SVG units, which are CSS pixels at full size
GUTTER, NUMBERS, GAP = 92, 132, 24  # widths: muscle labels, printed numbers, between panels
_WIDTH_OF_PLOT = {1: 520, 3: 204}
_LOWEST = -1.0


@dataclass(frozen=True)
class Label:
    y: float
    text: str
    is_compartment: bool = False


@dataclass(frozen=True)
class Mark:
    """One coefficient of one muscle. Without ``x`` it does not exist; without ``low`` it has no interval."""

    y: float
    text: str
    is_overall: bool
    is_too_narrow: bool  # an interval that takes a participant's muscles as independent
    x: float | None = None
    low: float | None = None
    high: float | None = None
    is_cut: bool = False  # the interval goes on beyond the axis


@dataclass(frozen=True)
class Tick:
    x: float
    text: str


@dataclass(frozen=True)
class Panel:
    title: str
    left: float
    right: float
    numbers: float  # where the printed numbers end
    ticks: list[Tick]
    marks: list[Mark]


@dataclass(frozen=True)
class Forest:
    width: float
    height: float
    top: float
    bottom: float
    labels: list[Label]
    overall_line: float  # above the pooled row
    panels: list[Panel]


def forest(inter: Sequence[Mapping[str, Any]], codes: Sequence[str]) -> Forest:
    """The figure of one coefficient or of three, of the entries of ``inter``."""
    labels, places, line = _rows()
    entries = [entry for entry in inter if entry["muscle"] in places]
    lowest = _lowest([entry[code] for entry in entries for code in codes])
    plot = _WIDTH_OF_PLOT[len(codes)]
    step = plot + NUMBERS + GAP
    panels = [
        _panel(code, entries, places, _Axis(GUTTER + place * step, plot, lowest)) for place, code in enumerate(codes)
    ]
    bottom = max(places.values()) + ROW / 2
    return Forest(panels[-1].numbers, bottom + 8, TOP, bottom, labels, line, panels)


@dataclass(frozen=True)
class _Axis:
    left: float
    width: float
    lowest: float

    def x(self, value: float) -> float:
        share = (max(value, self.lowest) - self.lowest) / (1 - self.lowest)
        return round(self.left + self.width * share, 1)

    def ticks(self) -> list[Tick]:
        quarters = range(round(4 * self.lowest), 5, 1 if self.lowest == 0 else 2)
        return [Tick(self.x(quarter / 4), number(quarter / 4, 2 if quarter % 2 else 1)) for quarter in quarters]


def _rows() -> tuple[list[Label], dict[str, float], float]:
    """Labels from the top down, where each muscle stands, and the line above all muscles."""
    labels, places, y = [], {}, float(TOP)
    for compartment, muscles in groupby(MUSCLES, key=lambda muscle: muscle.compartment):
        labels.append(Label(y + HEADING / 2, compartment, is_compartment=True))
        y += HEADING
        for muscle in muscles:
            places[muscle.code] = y + ROW / 2
            labels.append(Label(y + ROW / 2, muscle.label))
            y += ROW
    line, places[OVERALL] = y + 5, y + 10 + ROW / 2
    return [*labels, Label(places[OVERALL], muscle_label(OVERALL))], places, line


def _lowest(estimates: Sequence[Mapping[str, Any]]) -> float:
    """Where the axis begins: 0, or the half step below the lowest limit, never under -1."""
    limits = [estimate[key] for estimate in estimates for key in ("value", "ci_low") if estimate[key] is not None]
    return max(_LOWEST, min(0.0, floor(2 * min(limits, default=0)) / 2))


def _panel(code: str, entries: Sequence[Mapping[str, Any]], places: Mapping[str, float], axis: _Axis) -> Panel:
    right = axis.left + axis.width
    marks = [_mark(entry, code, places[entry["muscle"]], axis) for entry in entries]
    return Panel(BY_CODE[code].name, axis.left, right, right + NUMBERS, axis.ticks(), marks)


def _mark(entry: Mapping[str, Any], code: str, y: float, axis: _Axis) -> Mark:
    estimate, is_overall = entry[code], entry["muscle"] == OVERALL
    value, low, high = estimate["value"], estimate["ci_low"], estimate["ci_high"]
    has_interval = low is not None and high is not None
    too_narrow = is_too_narrow(entry, code)
    text = f"{number(value)} {interval(low, high)}{'†' if too_narrow else ''}" if has_interval else number(value)
    if value is None:
        return Mark(y, DASH, is_overall, too_narrow)
    if not has_interval:
        return Mark(y, text, is_overall, too_narrow, axis.x(value))
    return Mark(y, text, is_overall, too_narrow, axis.x(value), axis.x(low), axis.x(high), low < axis.lowest)
