"""Colours in a static drawing: those of print, or, on a page, those of print and of the dark together."""

from collections.abc import Mapping
from typing import Any

from analysis.figure.palette import THEMES, Stops, ink_on, resolved, resolved_stops, shade

_SCREEN = ("print", "screen")
_DASHES = {"dot": "3 3", "dash": "9 9"}  # as plotly draws lines of three pixels or less


class Paint:
    """Writes colours of the palette, or any others, as attributes.

    ``print``: as they are. ``screen``: ``light-dark(…)``, which the page's colour scheme decides, so that a drawing
    in the page follows the theme without a style of its own.
    """

    def __init__(self, theme: str) -> None:
        """Raise KeyError for a theme that is neither ``print`` nor ``screen``."""
        if theme not in _SCREEN:
            raise KeyError(theme)
        self._is_screen = theme == "screen"

    def colour(self, colour: str) -> str:
        """Write a colour as an attribute's value."""
        return self._pair(*(resolved(colour, theme) for theme in THEMES))

    def shade(self, share: float, stops: Stops) -> str:
        """Write the colour at a share of a scale; the dark one lies on the dark scale."""
        return self._pair(*(shade(share, resolved_stops(stops, theme)) for theme in THEMES))

    def ink_on_shade(self, share: float, stops: Stops) -> str:
        """Write the colour of words that lie on the colour at a share of a scale."""
        return self._pair(*(ink_on(shade(share, resolved_stops(stops, theme))) for theme in THEMES))

    def fill(self, colour: str | None) -> dict[str, str | float]:
        """Give attributes that fill: opacity apart, since editors of vector graphics know no rgba()."""
        return self._attributes("fill", colour)

    def stroke(self, colour: str | None, width: float) -> dict[str, str | float]:
        """Give attributes that draw a line; none for a width of 0."""
        return self._attributes("stroke", colour) | {"stroke-width": width} if width else {}

    def line(self, line: Mapping[str, Any]) -> dict[str, str | float]:
        """Give attributes of one of plotly's lines: colour, width, dashes. KeyError for dashes that no figure has."""
        dash = {"stroke-dasharray": _DASHES[line["dash"]]} if "dash" in line else {}
        return self.stroke(line.get("color"), line["width"]) | dash

    def _attributes(self, name: str, colour: str | None) -> dict[str, str | float]:
        if colour is None:
            return {name: "none"}
        (light, opacity), (dark, _) = (_opaque(resolved(colour, theme)) for theme in THEMES)
        return {name: self._pair(light, dark)} | ({} if opacity is None else {f"{name}-opacity": opacity})

    def _pair(self, light: str, dark: str) -> str:
        return f"light-dark({light},{dark})" if self._is_screen and dark != light else light


def _opaque(colour: str) -> tuple[str, float | None]:
    """Split a colour into #rrggbb and its opacity, None where it is written without one."""
    if not colour.startswith("rgba("):
        return colour, None
    *channels, opacity = colour[5:-1].split(",")
    return "#" + "".join(f"{int(channel):02x}" for channel in channels), float(opacity)
