"""What every plotly figure has in common: fonts, axes that cannot be dragged, texts.

Heights are fixed in pixels and the width follows the page, so that a static drawing knows what fits where.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from analysis.figure.palette import INK, MUTED, PAPER

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Helvetica, Arial, sans-serif"
# Of what is printed. Each name is a font with the same widths, so that a text stays where it is in whichever program
# opens the file; `text_width` counts with wider letters, those of the font in a PDF.
PRINT_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
FONT_SIZE = 13
# Of every hover label. Left to plotly, a label lies on its mark's colour and its words take that of its border.
HOVER_LABEL = {
    "bgcolor": PAPER,
    "bordercolor": MUTED,
    "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
    "align": "left",
}


def figure(traces: Iterable[Mapping[str, Any]], **layout: Any) -> dict[str, Any]:
    """Make ``{"data": …, "layout": …}``, held against plotly's own schema: colours by name, texts plain."""
    common = {
        "template": {},  # plotly's own look is 7 kB of colours that are all set here
        "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 8,  # pixels around a point, before the box behind it speaks
        "hoverlabel": HOVER_LABEL,
        "barmode": "overlay",
    }
    import plotly.graph_objects as go  # here: most commands and pages draw nothing

    drawn: dict[str, Any] = go.Figure([dict(trace) for trace in traces], common | layout).to_plotly_json()
    return drawn


def legend(**settings: Any) -> dict[str, Any]:
    """Make a legend in a row above the figure, which explains and hides nothing."""
    fixed = {"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "itemclick": False, "itemdoubleclick": False}
    return fixed | settings


def axis(**settings: Any) -> dict[str, Any]:
    """Make an axis with ticks at given places."""
    return {
        "tickmode": "array",
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": MUTED,
        "showline": True,
        "linecolor": MUTED,
        "zeroline": False,
        "showgrid": False,
        "fixedrange": True,
        **settings,
    }


def bare_axis(**settings: Any) -> dict[str, Any]:
    """Make an axis that only places things."""
    return {"showgrid": False, "zeroline": False, "showline": False, "ticks": "", "fixedrange": True, **settings}


def text(words: str, *, size: int = FONT_SIZE, color: str = INK, **place: Any) -> dict[str, Any]:
    """Make an annotation without an arrow."""
    return {"text": words, "showarrow": False, "font": {"size": size, "color": color}, **place}


def segment(*, color: str = MUTED, width: float = 1, **place: Any) -> dict[str, Any]:
    """Make a line as a shape."""
    return {"type": "line", "line": {"color": color, "width": width}, **place}
