"""Power against participants per group: simulated shares with their Monte-Carlo intervals, and the closed form."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from analysis.figure.layout import axis, figure, legend, segment
from analysis.figure.palette import ACCENT, INK, LINE, MUTED
from analysis.figure.tables import Table
from analysis.stats.result_types import PlannedShare, PlanResult, PlanSize
from analysis.words.planning.plan import HEADS, rows, share

_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]
_HEIGHT = 420


def power(plan: PlanResult) -> dict[str, Any]:
    """Make the plotly dict."""
    sizes = plan["sizes"]
    places = [size["participants_per_group"] for size in sizes]
    room = max(1.0, 0.05 * (places[-1] - places[0]))
    ends = [places[0] - room, places[-1] + room]
    strict = f"p ≤ 0.05 / {plan['setting']['muscles']}"
    return figure(
        [
            _closed_form(sizes, places),
            *_simulated(sizes, places, "p ≤ 0.05", lambda size: size["power"], ACCENT, "circle"),
            *_simulated(sizes, places, strict, lambda size: size["power_strict"], MUTED, "diamond"),
        ],
        height=_HEIGHT,
        margin={"l": 60, "r": 20, "t": 40, "b": 60},
        showlegend=True,
        legend=legend(),
        xaxis=axis(
            range=ends,
            tickvals=_spaced(places),
            title={"text": "participants per group", "font": {"size": 13}, "standoff": 8},
        ),
        yaxis=axis(
            range=[-0.02, 1.02],
            tickvals=_TICKS,
            showgrid=True,
            gridcolor=LINE,
            title={"text": "share of data sets", "font": {"size": 13}, "standoff": 8},
        ),
        shapes=[segment(x0=ends[0], x1=ends[1], y0=plan["target"], y1=plan["target"], color=INK)],
    )


def power_table(plan: PlanResult) -> Table:
    """Tabulate what a plan says of each size."""
    return Table(HEADS, tuple(map(tuple, rows(plan))), words=0)


def key(plan: PlanResult) -> tuple[str, ...]:
    """Say what the marks are."""
    return (
        f"Points: simulated, of {plan['setting']['data_sets']:,} data sets each; bars: 95 % Monte-Carlo interval;",
        "dotted: the t test of participants’ means, latent and complete, by closed form; "
        f"horizontal line: {plan['target']:g}",
    )


def _closed_form(sizes: Sequence[PlanSize], places: list[int]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": places,
        "y": [size["closed_form_power"] for size in sizes],
        "mode": "lines",
        "line": {"color": INK, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _simulated(
    sizes: Sequence[PlanSize],
    places: list[int],
    name: str,
    share_of: Callable[[PlanSize], PlannedShare],
    color: str,
    symbol: str,
) -> Iterator[dict[str, Any]]:
    shares = [share_of(size) for size in sizes]
    line = {"color": color, "width": 2}
    yield {
        "type": "scatter",
        "x": [x for place in places for x in (place, place, None)],
        "y": [y for one in shares for y in (one["ci_low"], one["ci_high"], None)],
        "mode": "lines",
        "line": line,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    yield {
        "type": "scatter",
        "name": name,
        "x": places,
        "y": [one["value"] for one in shares],
        "mode": "markers",
        "marker": {"symbol": symbol, "size": 9, "color": color, "opacity": 1, "line": {"width": 0}},
        "hovertext": [f"{place} per group, {name}: {share(one)}" for place, one in zip(places, shares, strict=True)],
        "hoverinfo": "text",
        "showlegend": True,
    }


def _spaced(places: list[int]) -> list[int]:
    """Leave out ticks whose labels would meet."""
    kept, least = places[:1], (places[-1] - places[0]) / 16
    for place in places[1:]:
        if place - kept[-1] >= least:
            kept.append(place)
    return kept
