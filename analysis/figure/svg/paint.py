"""Colours in a static drawing: those of print, or, on a page, those of print and of the dark together."""

from analysis.figure.palette import Stops, in_dark, ink_on, shade

THEMES = ("print", "screen")


class Paint:
    """Writes colours as attributes.

    ``print``: as they are. ``screen``: ``light-dark(…)``, which the page's colour scheme decides, so that a drawing
    in the page follows the theme without a style of its own.
    """

    def __init__(self, theme: str) -> None:
        """Raises KeyError for a theme that is not among THEMES."""
        if theme not in THEMES:
            raise KeyError(theme)
        self._screen = theme == "screen"

    def colour(self, colour: str) -> str:
        """A colour as an attribute's value."""
        return self._pair(colour, in_dark(colour))

    def shade(self, share: float, stops: Stops) -> str:
        """The colour at a share of a scale; the dark one lies on the dark scale."""
        return self._pair(shade(share, stops), shade(share, _dark(stops)))

    def ink_on_shade(self, share: float, stops: Stops) -> str:
        """The colour of words on it."""
        return self._pair(ink_on(shade(share, stops)), ink_on(shade(share, _dark(stops))))

    def fill(self, colour: str | None) -> dict[str, str | float]:
        """Attributes that fill: opacity apart, since editors of vector graphics know no rgba()."""
        return self._attributes("fill", colour)

    def stroke(self, colour: str | None, width: float) -> dict[str, str | float]:
        """Attributes that draw a line; nothing for a width of 0."""
        return self._attributes("stroke", colour) | {"stroke-width": width} if width else {}

    def _attributes(self, name: str, colour: str | None) -> dict[str, str | float]:
        if colour is None:
            return {name: "none"}
        if not colour.startswith("rgba("):
            return {name: self.colour(colour)}
        *channels, opacity = colour[5:-1].split(",")
        plain = "#" + "".join(f"{int(channel):02x}" for channel in channels)
        return {name: self.colour(plain), f"{name}-opacity": float(opacity)}

    def _pair(self, light: str, dark: str) -> str:
        return f"light-dark({light},{dark})" if self._screen and dark != light else light


def _dark(stops: Stops) -> Stops:
    return [(stop, in_dark(colour)) for stop, colour in stops]
