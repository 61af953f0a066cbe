"""Our plotly dicts as static SVG, without a browser: for the page's first response, for print and for the bundle.

Draws what the figures of this package use of plotly, in plotly's geometry: traces ``box`` (quartiles given),
``scatter`` (markers, lines, horizontal error bars), ``bar`` (base and width given) and ``heatmap``; shapes,
annotations, axes and a horizontal legend. Another kind of trace is a ValueError, and what is missing of these a
KeyError, rather than a figure that lacks something.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figure.layout import FONT, PRINT_FONT
from analysis.figure.palette import INK, PAPER
from analysis.figure.print_form import MILLIMETRES
from analysis.figure.svg.axes import axes, grid
from analysis.figure.svg.elements import box, element, line_of_text, xml_text
from analysis.figure.svg.frame import frame_of
from analysis.figure.svg.legend import entries, legend, legend_height
from analysis.figure.svg.notes import annotations, shapes
from analysis.figure.svg.paint import Paint
from analysis.figure.svg.traces import traces
from analysis.figure.text_width import wrapped

_MARGIN, _LINE, _SMALL = 12, 18, 12  # of the caption, pixels: beside it, from line to line, and of its letters
WIDTH = 1200  # pixels: what a window of 1280 leaves


def render(
    figure: Mapping[str, Any],
    *,
    title: str,
    description: str = "",
    width: float = WIDTH,
    theme: str = "print",
    caption: Sequence[str] = (),
    millimetres: float = MILLIMETRES[0],
) -> str:
    """Draw a figure as an ``<svg>`` element that stands alone as well as inside a page.

    Args:
        figure: a plotly dict of this package.
        title, description: what a screen reader says in place of the drawing.
        width: pixels of the layout, whose letters have 13 of them; the height is the layout's.
        theme: ``print``, or ``screen`` for colours that follow the page's colour scheme.
        caption: lines below the drawing, each wrapped where it would not fit.
        millimetres: how wide it is in print.
    """
    paint = Paint(theme)
    layout = figure["layout"]
    named = entries(figure)
    frame = frame_of(layout, width, legend_height(named, layout, width))
    drawn = [
        *shapes(frame, paint, "below"),
        *grid(frame, paint),
        *traces(figure["data"], frame, paint),
        *axes(frame, paint),
        *shapes(frame, paint, "above"),
        *annotations(frame, paint),
        *legend(named, frame, paint),
    ]
    return standalone(
        drawn, width, layout["height"], title, description, theme=theme, caption=caption, millimetres=millimetres
    )


def standalone(
    drawn: list[str],
    width: float,
    height: float,
    title: str,
    description: str,
    *,
    theme: str = "print",
    caption: Sequence[str] = (),
    millimetres: float = MILLIMETRES[0],
) -> str:
    """Write the root element around what is drawn, with its words; in print on paper, for a page has its own."""
    paint = Paint(theme)
    within = [part for line in caption for part in wrapped(line, width - 2 * _MARGIN, _SMALL)]
    lines = [
        line_of_text(line, _MARGIN, height + place * _LINE, font_size=_SMALL)
        for place, line in enumerate(within, start=1)
    ]
    height += _LINE * (len(lines) + 0.5) if lines else 0
    paper = [element("path", d=box(0, 0, width, height), fill=paint.colour(PAPER))] if theme == "print" else []
    named = element("title", xml_text(title)) + (element("desc", xml_text(description)) if description else "")
    fixed = {
        "xmlns": "http://www.w3.org/2000/svg",
        "viewBox": f"0 0 {width:g} {height:g}",
        "width": width,
        "height": height,
    }
    if theme == "print":
        fixed |= {"width": f"{millimetres:g}mm", "height": f"{millimetres * height / width:.2f}mm"}
    font = {
        "font_family": PRINT_FONT if theme == "print" else FONT,
        "font_size": 13,
        "fill": paint.colour(INK),
        "class_": "figure-svg",
    }
    return element("svg", [named, *paper, *drawn, *lines], **fixed, role="img", **font)
