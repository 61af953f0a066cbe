"""How often each grade was given: stacked bars per muscle and group, which a box of an ordinal score hides.

The bars stand where the boxplots' boxes stand. Shares are over all assessed grades of all reads.
"""

from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from analysis.figure.grade_keys import grade_keys
from analysis.figure.group import Group
from analysis.figure.layout import axis, figure, legend
from analysis.figure.muscle_axis import (
    BOTTOM,
    SIDES,
    compartment_lines,
    compartment_names,
    muscle_axis,
    muscles_of,
)
from analysis.figure.palette import GRADE_INKS, GRADES, PAPER
from analysis.figure.words import legend_text
from analysis.stats.result_types.answers import ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult, Counts
from grading.anatomy import MUSCLE_BY_CODE, Muscle
from grading.scale import SCALE

HEIGHT = 440
_BAR_WIDTH = 0.37
_DIGIT = 15  # pixels of a segment in which a digit fits
_SYMBOLS = ("circle", "square")  # as in the boxplots
_MARKS = -0.035  # on the axis of shares: below the bars, where the groups' marks stand
_RANGE = (-0.06, 1.0)
_MARGIN = {"l": 60, "r": 8, "t": 44, "b": BOTTOM}


def grades(
    result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]
) -> dict[str, Any]:
    """Draw shares of the grades 0 to 3, severe at the top; the compared group stands left."""
    reference, compared = groups
    muscles = muscles_of(result)
    sides = list(zip((compared, reference), SIDES, _SYMBOLS, strict=True))
    of_groups = [list(_bars(participant_means, muscles, group, side)) for group, side, _ in sides]
    bars = [*of_groups[0], *of_groups[1]]
    return figure(
        [
            *(
                _mark_trace([x for x, _, _ in own], group, symbol, result["n"])
                for own, (group, _, symbol) in zip(of_groups, sides, strict=True)
            ),
            *(_trace(bars, score) for score in range(len(SCALE))),
            *grade_keys(),
        ],
        height=HEIGHT,
        margin=_MARGIN,
        legend=legend(y=1, yref="container", yanchor="top"),
        xaxis=muscle_axis(muscles, ticks="", showline=False),
        yaxis=axis(
            range=list(_RANGE),
            tickvals=[0, 0.25, 0.5, 0.75, 1],
            ticktext=["0", "25", "50", "75", "100 %"],
            showline=False,
            title={"text": "Share of grades", "standoff": 12, "font": {"size": 13}},
        ),
        shapes=list(compartment_lines(muscles)),
        annotations=list(compartment_names(muscles)),
    )


def _bars(
    participant_means: ParticipantMeans, muscles: list[Muscle], group: Group, side: float
) -> Iterator[tuple[float, str, list[int]]]:
    """Give each bar's place, its name on hover, and its counts; a muscle without grades has no bar."""
    for position, muscle in enumerate(muscles):
        counts = participant_means["grades"][muscle.code][group.code]
        if sum(counts):
            yield position + side, f"{MUSCLE_BY_CODE[muscle.code].label}, {group.code}", counts


def _trace(bars: list[tuple[float, str, list[int]]], score: int) -> dict[str, Any]:
    shares = [counts[score] / sum(counts) for _, _, counts in bars]
    height = (HEIGHT - _MARGIN["t"] - _MARGIN["b"]) / (_RANGE[1] - _RANGE[0])
    return {
        "type": "bar",
        "x": [x for x, _, _ in bars],
        "base": [list(accumulate(counts, initial=0))[score] / sum(counts) for _, _, counts in bars],
        "y": shares,
        "width": _BAR_WIDTH,
        "marker": {"color": GRADES[score], "line": {"color": PAPER, "width": 1}},
        "text": [str(score) if share * height >= _DIGIT else "" for share in shares],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
        "textfont": {"size": 11, "color": GRADE_INKS[score]},
        "hovertext": [_words(name, counts, score) for _, name, counts in bars],
        "hoverinfo": "text",
        "showlegend": False,
    }


def _mark_trace(places: list[float], group: Group, symbol: str, n: Counts) -> dict[str, Any]:
    """Draw the group's mark below each of its bars, and in the legend."""
    return {
        "type": "scatter",
        "name": legend_text(group.code, group.name, n["by_group"][group.code]),
        "x": places or [None],  # plotly leaves a trace without any place out of the legend
        "y": [_MARKS] * max(len(places), 1),
        "mode": "markers",
        "marker": {"symbol": symbol, "size": 8, "color": group.colour, "opacity": 1, "line": {"width": 0}},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": True,
    }


def _words(name: str, counts: list[int], score: int) -> str:
    step, total = SCALE[score], sum(counts)
    lines = [
        name,
        f"grade {score}, {step.name} ({step.extent}): {counts[score]} of {total}",
        f"{counts[score] / total:.0%}".replace("%", " %"),
    ]
    return "\n".join(lines)
