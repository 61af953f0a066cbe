"""Width of the difference's interval against participants per group, with its Monte-Carlo interval."""

from math import ceil
from typing import Any

from analysis.figure.by_size import Point, by_size, height_axis, marks
from analysis.figure.palette import ACCENT
from analysis.stats.result_types.plan import PlanResult, PlanSize
from analysis.words.notation import number

_STEPS = (0.1, 0.2, 0.5, 1.0)  # between ticks, of which there are seven at most
_Z = 1.96


def interval_width(plan: PlanResult) -> dict[str, Any]:
    """Make the plotly dict."""
    points = [point for size in plan["sizes"] if (point := _point(size))]
    top = max((point.high for point in points), default=1.0)
    step = next((step for step in _STEPS if top <= 6 * step), float(ceil(top / 6)))
    ticks = [round(step * place, 1) for place in range(ceil(top / step) + 1)]
    yaxis = height_axis("width of the 95 % interval, grade points", [0, ticks[-1]], ticks)
    return by_size(plan, marks(plan, points, "mean width", ACCENT, "circle"), yaxis)


def width_key(plan: PlanResult) -> tuple[str, ...]:
    """Say what the marks are."""
    return (
        "Points: mean width of the interval of the difference of mean scores, over the data sets that have one;",
        f"of {plan['setting']['data_sets']:,} data sets each; bars: 95 % Monte-Carlo interval of the mean",
    )


def _point(size: PlanSize) -> Point | None:
    width, count = size["width"], size["participants_per_group"]
    if width is None:
        return None
    reach = _Z * (size["width_se"] or 0.0)
    return Point(
        count, width, max(width - reach, 0.0), width + reach, f"{count} per group: {number(width)} grade points"
    )
