"""The comparison as a figure: paired boxplots of participants' mean scores, muscle by muscle. Pure: a plotly dict.

Carries Fig. 1 of Wilks et al. further: boxes from the table's own quartiles (plotly's default rule is not type 7),
whiskers to the furthest participant within 1.5 interquartile ranges, every participant as a point, what the model
says above each pair and on hover. Colours of text and lines are those of print; the page's theme restyles them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from analysis.cohort import analysis_set, assessed
from analysis.figure.layout import INK, PAPER, SIDES, layout
from analysis.figure.swarm import swarm, whiskers
from analysis.figure.words import box_text, legend_text, point_text
from grading.scale import SCORES

_BOX_WIDTH, _MEDIAN_WIDTH, _ZONE_WIDTH = 0.34, 0.38, 0.42
_SYMBOLS = ("circle", "square")  # the compared group, then the reference: colour is never the only carrier


@dataclass(frozen=True)
class Group:
    """How a diagnosis group appears: its code, what people call it, and its colour as #rrggbb."""

    code: str
    name: str
    colour: str


@dataclass(frozen=True)
class _Box:
    """One group's participants in one muscle."""

    group: Group
    x: float
    muscle: Mapping[str, Any]
    participants: list[str]
    means: list[float]

    @property
    def summary(self) -> Mapping[str, Any]:
        return self.muscle["groups"][self.group.code]

    @property
    def whiskers(self) -> tuple[float, float]:
        return whiskers(self.means, self.summary["q1"], self.summary["q3"])

    @property
    def outliers(self) -> list[bool]:
        low, high = self.whiskers
        return [not low <= mean <= high for mean in self.means]

    @property
    def point_texts(self) -> list[str]:
        group, muscle = self.group.code, self.muscle["muscle"]
        return [point_text(code, group, muscle, mean) for code, mean in zip(self.participants, self.means, strict=True)]


def boxplots(result: Mapping[str, Any], frame: pd.DataFrame, groups: tuple[Group, Group]) -> dict[str, Any]:
    """The figure of one comparison, as plotly's ``{"data": …, "layout": …}``.

    Args:
        result: the object that ``compare --format json`` prints.
        frame: the frame that it was computed from.
        groups: the reference group and the compared one, which stands left, being what is subtracted from.
    """
    reference, compared = groups
    means = participant_means(frame, result["set"])
    boxes = [list(_boxes(result, means, group, side)) for group, side in zip((compared, reference), SIDES, strict=True)]
    traces = [_box_trace(own, group, result["n"]) for own, group in zip(boxes, (compared, reference), strict=True)]
    traces += [_point_trace(own, symbol) for own, symbol in zip(boxes, _SYMBOLS, strict=True)]
    drawn = [*boxes[0], *boxes[1]]
    traces += [_median_trace(drawn), _hover_trace(drawn, result["groups"])]
    return go.Figure(traces, layout(result)).to_plotly_json()


def participant_means(frame: pd.DataFrame, set_name: str) -> pd.DataFrame:
    """Mean scores over readers and sides, one row per participant and muscle: participant, group, muscle, mean."""
    by = ["participant", "group", "muscle"]
    scores = assessed(analysis_set(frame, set_name)).groupby(by, observed=True)["score"]
    return scores.mean().rename("mean").reset_index().astype({"participant": str}).sort_values(["mean", "participant"])


def _boxes(result: Mapping[str, Any], means: pd.DataFrame, group: Group, side: float) -> Iterator[_Box]:
    own = means[means["group"] == group.code]
    for position, muscle in enumerate(result["muscles"]):
        rows = own[own["muscle"] == muscle["muscle"]]
        if len(rows):
            yield _Box(group, position + side, muscle, rows["participant"].tolist(), rows["mean"].tolist())


def _box_trace(boxes: list[_Box], group: Group, n: Mapping[str, Any]) -> go.Box:
    return go.Box(
        name=legend_text(group.code, group.name, n["by_group"][group.code]),
        x=[box.x for box in boxes],
        q1=[box.summary["q1"] for box in boxes],
        median=[box.summary["median"] for box in boxes],
        q3=[box.summary["q3"] for box in boxes],
        lowerfence=[box.whiskers[0] for box in boxes],
        upperfence=[box.whiskers[1] for box in boxes],
        width=_BOX_WIDTH,
        whiskerwidth=0,
        line={"color": group.colour, "width": 1.25},
        fillcolor=_transparent(group.colour, 0.22),
        hoverinfo="skip",
    )


def _median_trace(boxes: list[_Box]) -> go.Scatter:
    """The box's own line is as thin as its edges and hides behind the points; this one does not."""
    half = _MEDIAN_WIDTH / 2
    return go.Scatter(
        x=[x for box in boxes for x in (box.x - half, box.x + half, None)],
        y=[y for box in boxes for y in (box.summary["median"], box.summary["median"], None)],
        mode="lines",
        line={"color": INK, "width": 2.5},
        hoverinfo="skip",
        cliponaxis=False,
        showlegend=False,
    )


def _point_trace(boxes: list[_Box], symbol: str) -> go.Scatter:
    size = _point_size(max((len(box.means) for box in boxes), default=0))
    outlier = [is_outlier for box in boxes for is_outlier in box.outliers]
    return go.Scatter(
        x=[box.x + offset for box in boxes for offset in swarm(box.means)],
        y=[mean for box in boxes for mean in box.means],
        hovertext=[text for box in boxes for text in box.point_texts],
        hoverinfo="text",
        mode="markers",
        cliponaxis=False,
        showlegend=False,
        marker={
            "color": boxes[0].group.colour if boxes else None,
            "symbol": symbol,
            "size": [size + 2 if is_outlier else size for is_outlier in outlier],
            "opacity": 0.9 if size > 4 else 0.6,
            "line": {"color": PAPER, "width": 1 if size > 4 else 0},
        },
    )


def _hover_trace(boxes: list[_Box], groups: Mapping[str, str]) -> go.Bar:
    """Invisible bars from below and from above that meet at the median, where the words then stand."""
    edges = [SCORES[0] - 0.08, SCORES[-1] + 0.08]
    return go.Bar(
        x=[box.x for box in boxes for _ in edges],
        base=[edge for _ in boxes for edge in edges],
        y=[box.summary["median"] - edge for box in boxes for edge in edges],
        width=_ZONE_WIDTH,
        hovertext=[box_text(box.muscle, box.group.code, groups) for box in boxes for _ in edges],
        hoverinfo="text",
        hoverlabel={"bordercolor": [box.group.colour for box in boxes for _ in edges]},
        marker={"color": [box.group.colour for box in boxes for _ in edges], "opacity": 0},
        showlegend=False,
    )


def _point_size(points: int) -> float:
    """Pixels: many points are drawn smaller."""
    return 7 if points <= 30 else 5 if points <= 100 else 3


def _transparent(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
