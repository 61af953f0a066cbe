"""Forest plot: the difference of each muscle with its 95 % interval, by compartment. Gives a plotly dict.

The numbers stand beside the marks, since a forest plot is read as a table too. A filled mark in a group's colour says
that the muscle is higher in that group at p < 0.05, by the p value that decides and stands beside it; an open grey one
that no difference is shown; a diamond that the groups are completely separated, so that there is no interval; a dash
that the muscle could not be estimated.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Any

from analysis.figure.group import Group
from analysis.figure.layout import axis, bare_axis, figure, segment, text
from analysis.figure.muscle_rows import ROW, hairline, headings_left, names_left, right_text, rows_by_compartment
from analysis.figure.palette import INK, LINE, MUTED, PAPER, QUIET
from analysis.figure.words import mark_text, shortened
from analysis.stats.result_types.answers import ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult, GroupPair
from analysis.stats.result_types.muscles import EstimatedMuscle, MuscleResult, SeparatedMuscle
from analysis.words.comparison.table import estimated, separated
from analysis.words.notation import DASH, interval, number, p_value
from analysis.words.question.deciding import deciding
from grading.scale import SCORES

Estimated = Sequence[tuple[EstimatedMuscle, int]]  # with their rows

LEVEL = 0.05
MARGIN = {"l": 244, "r": 264, "t": 36, "b": 78}
_P_COLUMN = 196  # pixels right of the plot, where p values begin
_DIRECTION = 20  # characters of a group's code that fit at an end of the axis


def forest(
    result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]
) -> dict[str, Any]:
    """Draw the rows from top to bottom in the paper's order."""
    places, headings = rows_by_compartment(muscle["muscle"] for muscle in result["muscles"])
    rows = len(places) + len(headings)
    reach = _reach(result)
    muscles = list(zip(result["muscles"], places.values(), strict=True))
    return figure(
        _traces(muscles, groups, result),
        height=rows * ROW + MARGIN["t"] + MARGIN["b"],
        margin=MARGIN,
        showlegend=False,
        xaxis=axis(
            range=[-reach, reach],
            tickvals=_ticks(reach),
            ticktext=[number(tick, {0.25: 2, 0.5: 1, 1.0: 0}[_step(reach)]) for tick in _ticks(reach)],
            showgrid=True,
            gridcolor=LINE,
            title={"text": "Difference, grade points", "standoff": 32, "font": {"size": 13}},
        ),
        yaxis=bare_axis(range=[rows - 0.5, -0.5], showticklabels=False),
        shapes=[_zero_line(), *(line for row in headings.values() for line in hairline(row, MARGIN["l"], MARGIN["r"]))],
        annotations=[
            *headings_left(headings, MARGIN["l"]),
            *names_left(places, MARGIN["l"]),
            *_numbers(muscles, result["groups"]),
            *_columns(deciding(result).name),
            *_directions(groups),
        ],
    )


def _traces(
    muscles: list[tuple[MuscleResult, int]], groups: tuple[Group, Group], result: ComparisonResult
) -> Iterator[dict[str, Any]]:
    reference, compared = groups
    reach = _reach(result)
    shown = [(muscle, row) for muscle, row in muscles if muscle["status"] == "ok" or muscle["status"] == "boundary"]
    apart = [(muscle, row) for muscle, row in muscles if muscle["status"] == "separated"]
    if apart:
        yield _separated(apart, groups, result["groups"])
    for chosen, colour, symbol in (
        ([pair for pair in shown if not _differs(pair[0])], QUIET, "circle"),
        ([pair for pair in shown if _differs(pair[0]) and pair[0]["estimate"] > 0], compared.colour, "circle"),
        ([pair for pair in shown if _differs(pair[0]) and pair[0]["estimate"] <= 0], reference.colour, "square"),
    ):
        if chosen:
            yield _trace(chosen, result["groups"], reach, colour, symbol)
            yield from _ends(chosen, reach, colour)


def _trace(muscles: Estimated, codes: GroupPair, reach: float, colour: str, symbol: str) -> dict[str, Any]:
    quiet = colour == QUIET
    return {
        "type": "scatter",
        "x": [muscle["estimate"] for muscle, _ in muscles],
        "y": [row for _, row in muscles],
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [min(muscle["ci_high"], reach) - muscle["estimate"] for muscle, _ in muscles],
            "arrayminus": [muscle["estimate"] - max(muscle["ci_low"], -reach) for muscle, _ in muscles],
            "color": colour,
            "thickness": 2,
            "width": 0,
        },
        "mode": "markers",
        "marker": {
            "symbol": symbol,
            "size": 10,
            "color": PAPER if quiet else colour,
            "opacity": 1,
            "line": {"color": colour if quiet else PAPER, "width": 2 if quiet else 1},
        },
        "cliponaxis": False,
        "hovertext": [mark_text(muscle, codes) for muscle, _ in muscles],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _separated(
    muscles: list[tuple[SeparatedMuscle, int]], groups: tuple[Group, Group], codes: GroupPair
) -> dict[str, Any]:
    """Draw differences without an interval, in the colour of the higher group; open where p shows no difference."""
    reference, compared = groups
    colours = [compared.colour if muscle["estimate"] > 0 else reference.colour for muscle, _ in muscles]
    is_open = [muscle["p_deciding"] is not None and not _differs(muscle) for muscle, _ in muscles]
    return {
        "type": "scatter",
        "x": [muscle["estimate"] for muscle, _ in muscles],
        "y": [row for _, row in muscles],
        "mode": "markers",
        "marker": {
            "symbol": "diamond",
            "size": 12,
            "color": [PAPER if hollow else colour for colour, hollow in zip(colours, is_open, strict=True)],
            "opacity": 1,
            "line": {"color": QUIET, "width": [2 if hollow else 0 for hollow in is_open]},
        },
        "cliponaxis": False,
        "hovertext": [mark_text(muscle, codes) for muscle, _ in muscles],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _ends(muscles: Estimated, reach: float, colour: str) -> Iterator[dict[str, Any]]:
    """Draw an arrow head where an interval goes on beyond the axis."""
    beyond = (
        (-1, "triangle-left", [row for muscle, row in muscles if muscle["ci_low"] < -reach]),
        (1, "triangle-right", [row for muscle, row in muscles if muscle["ci_high"] > reach]),
    )
    for side, symbol, rows in beyond:
        if rows:
            yield {
                "type": "scatter",
                "x": [side * reach] * len(rows),
                "y": rows,
                "mode": "markers",
                "marker": {"symbol": symbol, "size": 9, "color": colour, "opacity": 1, "line": {"width": 0}},
                "cliponaxis": False,
                "hoverinfo": "skip",
                "showlegend": False,
            }


def _differs(muscle: MuscleResult) -> bool:
    return muscle["p_deciding"] is not None and muscle["p_deciding"] < LEVEL


def _reach(result: ComparisonResult) -> float:
    """Find how far the axis goes to either side: to the furthest end of an interval, at least 0.5 grade points.

    A difference of grades cannot exceed what the scale spans, so the axis ends there at the latest: an interval that
    goes on ends in an arrow head, and its numbers stand beside it. An estimate beyond it, as an extrapolating model
    may give, stays on the axis.
    """
    ends = [abs(end) for muscle in estimated(result) for end in (muscle["ci_low"], muscle["ci_high"])]
    estimates = [abs(muscle["estimate"]) for muscle in (*estimated(result), *separated(result))]
    furthest = max([min(max([*ends, 0.5]), SCORES[-1] - SCORES[0]), *estimates])
    return ceil(furthest / _step(furthest) - 1e-9) * _step(furthest)


def _step(reach: float) -> float:
    """Choose the distance between ticks, so that at most four stand on either side of 0."""
    return next((step for step in (0.25, 0.5) if reach <= 4 * step), 1.0)


def _ticks(reach: float) -> list[float]:
    step = _step(reach)
    count = round(reach / step)
    return [step * place for place in range(-count, count + 1)]


def _zero_line() -> dict[str, Any]:
    return segment(x0=0, x1=0, yref="paper", y0=0, y1=1, color=MUTED, width=1) | {"layer": "below"}


def _numbers(muscles: list[tuple[MuscleResult, int]], codes: GroupPair) -> Iterator[dict[str, Any]]:
    """Write estimate, interval and p of each muscle; a dash where there is none, with the reason on hover."""
    for muscle, row in muscles:
        color = INK if _differs(muscle) else MUTED
        if muscle["status"] == "not_estimable":
            yield right_text(f"{DASH} not estimable", row, at=16, color=MUTED) | {"hovertext": mark_text(muscle, codes)}
            continue
        seen = "separated" if muscle["status"] == "separated" else interval(muscle["ci_low"], muscle["ci_high"])
        words = f"{number(muscle['estimate'])} {seen}"
        yield right_text(words, row, at=16, color=color)
        yield right_text(p_value(muscle["p_deciding"]), row, at=_P_COLUMN, color=color)


def _columns(p: str) -> Iterator[dict[str, Any]]:
    """Write above the numbers at the right what they are."""
    place: dict[str, Any] = {"xref": "paper", "x": 1, "xanchor": "left"}
    place |= {"yref": "paper", "y": 1, "yanchor": "bottom", "yshift": 6}
    yield text("difference [95 % interval]", size=12, color=MUTED, xshift=16, **place)
    yield text(p, size=12, color=MUTED, xshift=_P_COLUMN, **place)


def _directions(groups: tuple[Group, Group]) -> Iterator[dict[str, Any]]:
    """Write below the axis which group is higher towards which end."""
    reference, compared = (shortened(group.code, _DIRECTION) for group in groups)
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "y": 0, "yanchor": "top", "yshift": -26}
    yield text(f"← higher in {reference}", size=12, x=0, xanchor="left", **place)
    yield text(f"higher in {compared} →", size=12, x=1, xanchor="right", **place)
