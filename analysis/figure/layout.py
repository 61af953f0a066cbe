"""The figure around its boxes: axes, compartments, and the significance bars above each pair. Pure."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from analysis.figure.words import mark_text
from analysis.words.notation import stars
from grading.anatomy import MUSCLE_BY_CODE
from grading.scale import SCORES

SIDES = (-0.21, 0.21)  # of a muscle's position: the compared group, then the reference
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif"
INK, MUTED, LINE, PAPER = "#15181b", "#555d66", "#dfe3e7", "#ffffff"
_BOXES_TOP = 0.9  # share of the plot's height below the significance bars
_BAR = 0.925


def layout(result: Mapping[str, Any]) -> go.Layout:
    """Axes that cannot be dragged, a legend on top, and what the model says of each muscle."""
    muscles = [MUSCLE_BY_CODE[muscle["muscle"]] for muscle in result["muscles"]]
    return go.Layout(
        template=go.layout.Template(),  # plotly's own look is 7 kB of colours that are all set here
        font={"family": FONT, "size": 13, "color": INK},
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        margin={"l": 52, "r": 8, "t": 36, "b": 64},
        dragmode=False,
        hovermode="closest",
        hoverdistance=8,  # pixels around a point, before the box behind it speaks
        hoverlabel={"font": {"family": FONT, "size": 13}, "align": "left"},
        barmode="overlay",
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False},
        xaxis=_axis(
            range=[-0.55, len(muscles) - 0.45],
            tickvals=list(range(len(muscles))),
            ticktext=[muscle.label for muscle in muscles],
            tickangle=0,
            showgrid=False,
        ),
        yaxis=_axis(
            range=[SCORES[0] - 0.08, SCORES[-1] + 0.08],
            domain=[0, _BOXES_TOP],
            tickvals=list(SCORES),
            gridcolor=LINE,
            title={"text": "MRI score, mean per participant", "standoff": 12, "font": {"size": 13}},
        ),
        shapes=[*_bars(result), *_compartment_lines(muscles)],
        annotations=[*_marks(result), *_compartment_names(muscles)],
    )


def _axis(**settings: Any) -> dict[str, Any]:
    return {
        "tickmode": "array",
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": MUTED,
        "showline": True,
        "linecolor": MUTED,
        "zeroline": False,
        "fixedrange": True,
        **settings,
    }


def _bars(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A bracket over each pair that a p value compares."""
    left, right = SIDES
    for position, muscle in enumerate(result["muscles"]):
        if muscle["p"] is not None:
            yield {
                "type": "path",
                "path": f"M {position + left} 0 V 6 H {position + right} V 0",
                "yref": "paper",
                "ysizemode": "pixel",
                "yanchor": _BAR,
                "line": {"color": INK, "width": 1},
            }


def _marks(result: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Stars, NS or a dash over each pair, with the model's answer on hover."""
    for position, muscle in enumerate(result["muscles"]):
        mark = stars(muscle["p"])
        size, yshift = (16, 2) if "*" in mark else (11, 6)  # an asterisk stands high in its line
        text = _text(mark, x=position, y=_BAR, yshift=yshift, size=size, yanchor="bottom")
        yield {**text, "hovertext": mark_text(muscle, result["groups"])}


def _compartments(muscles: list[Any]) -> Iterator[tuple[str, int, int]]:
    """Name, first and last position of each run of muscles of one compartment."""
    for name, run in groupby(enumerate(muscles), key=lambda item: item[1].compartment):
        positions = [position for position, _ in run]
        yield name, positions[0], positions[-1]


def _compartment_lines(muscles: list[Any]) -> Iterator[dict[str, Any]]:
    for _, first, last in _compartments(muscles):
        yield {
            "type": "line",
            "x0": first - 0.4,
            "x1": last + 0.4,
            "yref": "paper",
            "ysizemode": "pixel",
            "yanchor": 0,
            "y0": -32,
            "y1": -32,
            "line": {"color": MUTED, "width": 1},
        }


def _compartment_names(muscles: list[Any]) -> Iterator[dict[str, Any]]:
    for name, first, last in _compartments(muscles):
        yield _text(name, x=(first + last) / 2, y=0, yshift=-36, size=12, yanchor="top", color=MUTED)


def _text(text: str, *, x: float, y: float, yshift: float, size: int, yanchor: str, color: str = INK) -> dict[str, Any]:
    return {
        "text": text,
        "x": x,
        "y": y,
        "yref": "paper",
        "yshift": yshift,
        "yanchor": yanchor,
        "showarrow": False,
        "font": {"size": size, "color": color},
    }
