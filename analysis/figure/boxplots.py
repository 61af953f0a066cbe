"""Paired boxplots of participants' mean scores, muscle by muscle. Gives a plotly dict.

Carries Fig. 1 of Wilks et al. further: boxes from the table's own quartiles (plotly's default rule is not type 7),
whiskers to the furthest participant within 1.5 interquartile ranges, every participant as a point, what the model
says above each pair and on hover.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from analysis.figure.group import Group
from analysis.figure.layout import axis, figure, legend, text
from analysis.figure.limits import MOST_POINTS
from analysis.figure.muscle_axis import (
    BOTTOM,
    SIDES,
    compartment_lines,
    compartment_names,
    muscle_axis,
    muscles_of,
)
from analysis.figure.palette import INK, LINE, PAPER, transparent
from analysis.figure.swarm import rows, swarm, whiskers
from analysis.figure.words import box_text, legend_text, mark_text, point_text
from analysis.stats.result_types.answers import ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult, Counts, GroupPair
from analysis.stats.result_types.muscles import MuscleResult
from analysis.words.notation import stars
from grading.scale import SCORES

HEIGHT = 500
_BOX_WIDTH, _MEDIAN_WIDTH, _ZONE_WIDTH = 0.34, 0.38, 0.42
_SYMBOLS = ("circle", "square")  # the compared group, then the reference: colour is never the only carrier
_EDGES = (SCORES[0] - 0.08, SCORES[-1] + 0.08)
_BOXES_TOP, _BRACKET = 0.9, 0.925  # shares of the plot's height: where boxes end, where significance bars stand


@dataclass(frozen=True)
class _Box:
    """One group's participants in one muscle, by ascending mean."""

    group: Group
    x: float
    muscle: MuscleResult
    participants: list[str]
    means: list[float]
    has_points: bool

    @cached_property
    def quartiles(self) -> tuple[float, float, float]:
        """Give lower quartile, median and upper quartile, which exist where anybody does."""
        summary = self.muscle["groups"][self.group.code]
        q1, median, q3 = summary["q1"], summary["median"], summary["q3"]
        if q1 is None or median is None or q3 is None:
            raise ValueError(f"{self.group.code} has participants and no quartiles")
        return q1, median, q3

    @property
    def median(self) -> float:
        return self.quartiles[1]

    @cached_property
    def whiskers(self) -> tuple[float, float]:
        return whiskers(self.means, self.quartiles[0], self.quartiles[2])

    def is_outlier(self, mean: float) -> bool:
        low, high = self.whiskers
        return not low <= mean <= high

    @property
    def points(self) -> Iterator[tuple[float, float, str, bool]]:
        """Give each point's place, its words, and whether it is an outlier. Of crowds there are outliers only."""
        is_whole = self.has_points and len(self.means) <= MOST_POINTS
        for code, mean, offset in zip(self.participants, self.means, swarm(self.means), strict=True):
            if self.is_outlier(mean) or is_whole:
                words = point_text(code, self.group.code, self.muscle["muscle"], mean)
                yield self.x + offset, mean, words, self.is_outlier(mean)


def boxplots(
    result: ComparisonResult,
    participant_means: ParticipantMeans,
    groups: tuple[Group, Group],
    *,
    has_points: bool = True,
) -> dict[str, Any]:
    """Draw the paper's Fig. 1. The compared group stands left, being what is subtracted from.

    Args:
        has_points: with each participant, not only those beyond the whiskers.
    """
    reference, compared = groups
    both = [
        list(_boxes(result, participant_means, group, side, has_points))
        for group, side in zip((compared, reference), SIDES, strict=True)
    ]
    drawn = [*both[0], *both[1]]
    muscles = muscles_of(result)
    return figure(
        [
            *(_box_trace(own, group, result["n"]) for own, group in zip(both, (compared, reference), strict=True)),
            *(_crowd_trace(own) for own in both if has_points and any(len(box.means) > MOST_POINTS for box in own)),
            *(_point_trace(own, symbol) for own, symbol in zip(both, _SYMBOLS, strict=True)),
            _median_trace(drawn),
            _hover_trace(drawn, result["groups"]),
        ],
        height=HEIGHT,
        margin={"l": 52, "r": 8, "t": 36, "b": BOTTOM},
        legend=legend(),
        xaxis=muscle_axis(muscles),
        yaxis=axis(
            range=list(_EDGES),
            domain=[0, _BOXES_TOP],
            tickvals=list(SCORES),
            showgrid=True,
            gridcolor=LINE,
            title={"text": "MRI score, mean per participant", "standoff": 12, "font": {"size": 13}},
        ),
        shapes=[*_brackets(result), *compartment_lines(muscles)],
        annotations=[*_marks(result), *compartment_names(muscles)],
    )


def _boxes(
    result: ComparisonResult, participant_means: ParticipantMeans, group: Group, side: float, has_points: bool
) -> Iterator[_Box]:
    own = [entry for entry in participant_means["participants"] if entry["group"] == group.code]
    for position, muscle in enumerate(result["muscles"]):
        code = muscle["muscle"]
        pairs = sorted((entry["means"][code], entry["participant"]) for entry in own if code in entry["means"])
        if pairs:
            means, participants = map(list, zip(*pairs, strict=True))
            yield _Box(group, position + side, muscle, participants, means, has_points)


def _box_trace(boxes: list[_Box], group: Group, n: Counts) -> dict[str, Any]:
    return {
        "type": "box",
        "name": legend_text(group.code, group.name, n["by_group"][group.code]),
        "x": [box.x for box in boxes],
        **{key: [box.quartiles[place] for box in boxes] for place, key in enumerate(("q1", "median", "q3"))},
        "lowerfence": [box.whiskers[0] for box in boxes],
        "upperfence": [box.whiskers[1] for box in boxes],
        "width": _BOX_WIDTH,
        "whiskerwidth": 0,
        "line": {"color": group.colour, "width": 1.25},
        "fillcolor": transparent(group.colour, 0.22),
        "hoverinfo": "skip",
        "showlegend": True,
    }


def _median_trace(boxes: list[_Box]) -> dict[str, Any]:
    """Draw medians over the points: a box's own line is as thin as its edges and hides behind them."""
    half = _MEDIAN_WIDTH / 2
    return {
        "type": "scatter",
        "x": [x for box in boxes for x in (box.x - half, box.x + half, None)],
        "y": [y for box in boxes for y in (box.median, box.median, None)],
        "mode": "lines",
        "line": {"color": INK, "width": 2.5},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }


def _crowd_trace(boxes: list[_Box]) -> dict[str, Any]:
    """Draw a bar for each row of points where they are too many, as long as the row would be."""
    crowds = [box for box in boxes if len(box.means) > MOST_POINTS]
    strokes = [(box.x, half, height) for box in crowds for half, height in rows(box.means)]
    return {
        "type": "scatter",
        "x": [end for x, half, _ in strokes for end in (x - half, x + half, None)],
        "y": [end for _, _, height in strokes for end in (height, height, None)],
        "mode": "lines",
        "line": {"color": boxes[0].group.colour, "width": 3},
        "opacity": 0.6,
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }


def _point_trace(boxes: list[_Box], symbol: str) -> dict[str, Any]:
    size = _point_size(max((len(box.means) for box in boxes), default=0))
    points = [point for box in boxes for point in box.points]
    return {
        "type": "scatter",
        "x": [x for x, _, _, _ in points],
        "y": [y for _, y, _, _ in points],
        "hovertext": [words for _, _, words, _ in points],
        "hoverinfo": "text",
        "mode": "markers",
        "cliponaxis": False,
        "showlegend": False,
        "marker": {
            "color": boxes[0].group.colour if boxes else None,
            "symbol": symbol,
            "size": [size + 2 if is_outlier else size for _, _, _, is_outlier in points],
            "opacity": 0.9 if size > 4 else 0.6,
            "line": {"color": PAPER, "width": 1 if size > 4 else 0},
        },
    }


def _hover_trace(boxes: list[_Box], groups: GroupPair) -> dict[str, Any]:
    """Lay invisible bars from below and from above that meet at the median, where the words then stand."""
    return {
        "type": "bar",
        "x": [box.x for box in boxes for _ in _EDGES],
        "base": [edge for _ in boxes for edge in _EDGES],
        "y": [box.median - edge for box in boxes for edge in _EDGES],
        "width": _ZONE_WIDTH,
        "hovertext": [box_text(box.muscle, box.group.code, groups) for box in boxes for _ in _EDGES],
        "hoverinfo": "text",
        "marker": {"opacity": 0},
        "showlegend": False,
    }


def _point_size(points: int) -> float:
    """Choose a point's size in pixels: many points are drawn smaller."""
    return 7 if points <= 30 else 5 if points <= 100 else 3


def _brackets(result: ComparisonResult) -> Iterator[dict[str, Any]]:
    """Draw a significance bar over each pair that a p value compares."""
    left, right = SIDES
    for position, muscle in enumerate(result["muscles"]):
        if muscle["p_deciding"] is not None:
            yield {
                "type": "path",
                "path": f"M {position + left} 0 V 6 H {position + right} V 0",
                "yref": "paper",
                "ysizemode": "pixel",
                "yanchor": _BRACKET,
                "line": {"color": INK, "width": 1},
            }


def _marks(result: ComparisonResult) -> Iterator[dict[str, Any]]:
    """Write stars, NS or a dash over each pair, with the model's answer on hover."""
    for position, muscle in enumerate(result["muscles"]):
        mark = stars(muscle["p_deciding"])
        size, yshift = (16, 2) if "*" in mark else (11, 6)  # an asterisk stands high in its line
        place: dict[str, Any] = {"x": position, "y": _BRACKET, "yref": "paper", "yshift": yshift, "yanchor": "bottom"}
        yield text(mark, size=size, **place) | {"hovertext": mark_text(muscle, result["groups"])}
