"""What the figures of a plan have in common: participants per group from left to right, and Monte-Carlo intervals."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from analysis.figure.layout import axis, figure, legend, segment
from analysis.figure.palette import INK, LINE
from analysis.stats.result_types.plan import PlannedShare, PlanResult
from analysis.words.planning.plan import share

HEIGHT = 420
_MOST_TICKS = 16
_SHARES = [0, 0.2, 0.4, 0.6, 0.8, 1]


class Point(NamedTuple):
    """One mark: where it stands, from where to where its interval reaches, and what is said of it."""

    size: int
    value: float
    low: float
    high: float
    words: str


def share_points(plan: PlanResult, name: str, shares: Iterable[PlannedShare | None]) -> list[Point]:
    """Make the points of a share of data sets, where there is one."""
    return [
        Point(size, one["value"], one["ci_low"], one["ci_high"], f"{size} per group, {name}: {share(one)}")
        for size, one in zip(sizes(plan), shares, strict=True)
        if one is not None
    ]


def sizes(plan: PlanResult) -> list[int]:
    """List the sizes of groups."""
    return [size["participants_per_group"] for size in plan["sizes"]]


def by_size(plan: PlanResult, traces: Iterable[dict[str, Any]], yaxis: dict[str, Any], **layout: Any) -> dict[str, Any]:
    """Make the plotly dict of what is drawn against the sizes of groups."""
    return figure(
        traces,
        height=HEIGHT,
        margin={"l": 60, "r": 20, "t": 40, "b": 60},
        showlegend=True,
        legend=legend(),
        xaxis=axis(range=_ends(plan), tickvals=_spaced(sizes(plan)), title=_titled("participants per group")),
        yaxis=yaxis,
        **layout,
    )


def shares_by_size(plan: PlanResult, traces: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Make the plotly dict of shares of data sets, with a line at the share that is aimed at."""
    left, right = _ends(plan)
    target = segment(x0=left, x1=right, y0=plan["target"], y1=plan["target"], color=INK)
    return by_size(plan, traces, height_axis("share of data sets", [-0.02, 1.02], _SHARES), shapes=[target])


def height_axis(title: str, ends: list[float], ticks: list[float]) -> dict[str, Any]:
    """Make the axis that says how high points are."""
    return axis(range=ends, tickvals=ticks, showgrid=True, gridcolor=LINE, title=_titled(title))


def marks(plan: PlanResult, points: list[Point], name: str, color: str, symbol: str, aside: int = 0) -> Iterator[Any]:
    """Draw points with their intervals; ``aside``: −1 or 1 for one of two that would lie upon each other."""
    places = [point.size + aside * 0.006 * (_ends(plan)[1] - _ends(plan)[0]) for point in points]
    yield {
        "type": "scatter",
        "x": [x for place in places for x in (place, place, None)],
        "y": [y for point in points for y in (point.low, point.high, None)],
        "mode": "lines",
        "line": {"color": color, "width": 2},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    yield {
        "type": "scatter",
        "name": name,
        "x": places,
        "y": [point.value for point in points],
        "mode": "markers",
        "marker": {"symbol": symbol, "size": 9, "color": color, "opacity": 1, "line": {"width": 0}},
        "hovertext": [point.words for point in points],
        "hoverinfo": "text",
        "showlegend": True,
    }


def _titled(words: str) -> dict[str, Any]:
    return {"text": words, "font": {"size": 13}, "standoff": 8}


def _ends(plan: PlanResult) -> list[float]:
    places = sizes(plan)
    room = max(1.0, 0.05 * (places[-1] - places[0]))
    return [places[0] - room, places[-1] + room]


def _spaced(places: list[int]) -> list[int]:
    """Leave out ticks whose labels would meet."""
    kept, least = places[:1], (places[-1] - places[0]) / _MOST_TICKS
    for place in places[1:]:
        if place - kept[-1] >= least:
            kept.append(place)
    return kept
