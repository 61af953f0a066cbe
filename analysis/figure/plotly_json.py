"""A figure as plotly reads it: with a theme's colours, and with texts in which nothing is markup but the line feeds."""

from collections.abc import Callable, Mapping
from functools import partial
from html import escape
from typing import Any

from analysis.figure.palette import resolved

_TEXTS = ("text", "hovertext", "ticktext", "name")


def plotly_json(figure: Mapping[str, Any], theme: str = "print") -> dict[str, Any]:
    """Give ``{"data": …, "layout": …}`` for ``Plotly.newPlot``.

    Args:
        figure: a dict of this package, in which colours may be names of the palette and texts are plain.
        theme: one of `analysis.figure.palette.THEMES`.

    Raises:
        KeyError: for another theme, or for a name that is not in the palette.
    """
    written: dict[str, Any] = _written(figure, partial(resolved, theme=theme))
    return written


def _written(part: Any, colour: Callable[[str], str], key: str = "") -> Any:
    """Write a part of a figure by the key that it stands under: plotly ends every colour's so, and texts have few."""
    if isinstance(part, Mapping):
        return {name: _written(value, colour, name) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_written(value, colour, key) for value in part]
    if isinstance(part, str) and key.endswith(("color", "colorscale")):
        return colour(part)
    return _markup(part) if isinstance(part, str) and key in _TEXTS else part


def _markup(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")
