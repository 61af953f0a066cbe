"""The colours of figures: a name in the figure, and what it is in print and on a dark screen.

A figure holds names, such as ``var(--ink)``, which plotly's schema takes for colours; they are resolved where it leaves
as SVG (`analysis.figure.svg.paint`) or as JSON (`analysis.figure.plotly_json`). The grades are the steps of the grading
page (static/grading/grading.css). Ink on every step stands at least 5:1.
"""

import re
from collections.abc import Sequence

from analysis.figure.tissues import TISSUE_COLOURS
from grading.scale import SCORES

THEMES = ("print", "dark")

_COLOURS = {  # in print, in the dark
    "ink": ("#15181b", "#e6e8ea"),
    "muted": ("#555d66", "#9ba4ad"),
    "line": ("#dfe3e7", "#31363c"),
    "paper": ("#ffffff", "#17191c"),
    "accent": ("#6a2fb5", "#c4a5ff"),  # the site's own, where colour stands for neither a grade nor a group
    "quiet": ("#8a939c", "#7d868f"),  # marks of what is not significant: 3:1 on paper, as marks need
    "grade-0": ("#efd4d0", "#4e3836"),
    "grade-1": ("#ebb058", "#7b521c"),
    "grade-2": ("#cc8020", "#bd7f20"),
    "grade-3": ("#874b10", "#febf32"),
    # Black and white: nothing paler reaches 4.5:1 on every shade.
    "ink-on-0": ("#000000", "#ffffff"),
    "ink-on-1": ("#000000", "#ffffff"),
    "ink-on-2": ("#000000", "#000000"),
    "ink-on-3": ("#ffffff", "#000000"),
    "no-grade": ("#f7f5f2", "#1f2225"),
    "no-grade-line": ("#b9afa8", "#5b5550"),
    "no-difference": ("#f1efec", "#2e3235"),
    **TISSUE_COLOURS,
}
_NAME = re.compile(r"var\(--(.+)\)")

Stops = Sequence[tuple[float, str]]


def colour(name: str) -> str:
    """Name a colour as it stands in a figure. KeyError for a name that is not in the palette."""
    _ = _COLOURS[name]
    return f"var(--{name})"


def resolved(colour: str, theme: str) -> str:
    """Look up what a figure's colour is in a theme; a colour that is no name, as those of groups, is itself.

    Raises KeyError for an unknown name or theme.
    """
    column = {"print": 0, "dark": 1}[theme]
    name = _NAME.fullmatch(colour)
    return _COLOURS[name[1]][column] if name else colour


INK, MUTED, LINE, PAPER, ACCENT = map(colour, ("ink", "muted", "line", "paper", "accent"))
QUIET = colour("quiet")
GRADES = tuple(colour(f"grade-{score}") for score in SCORES)
GRADE_INKS = tuple(colour(f"ink-on-{score}") for score in SCORES)
NO_GRADE, NO_GRADE_LINE, NO_DIFFERENCE = map(colour, ("no-grade", "no-grade-line", "no-difference"))


def grade_stops() -> list[tuple[float, str]]:
    """Lay the grades' colours on a scale from 0 to 1; means of grades lie between."""
    return [(score / (len(GRADES) - 1), grade) for score, grade in enumerate(GRADES)]


def resolved_stops(stops: Stops, theme: str) -> list[tuple[float, str]]:
    """Write a scale in a theme's colours."""
    return [(stop, resolved(colour, theme)) for stop, colour in stops]


def ink_on(colour: str) -> str:
    """Choose black or white, whichever stands out more (WCAG's contrast) from a colour given as #rrggbb."""
    return "#ffffff" if _luminance(colour) < 0.179 else "#000000"


def _luminance(colour: str) -> float:
    """Compute the relative luminance of WCAG 2.2."""
    channels = (channel / 255 for channel in _channels(colour))
    linear = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def shade(share: float, stops: Stops) -> str:
    """Interpolate the colour at a share between 0 and 1, in sRGB as plotly does; stops are #rrggbb."""
    share = min(max(share, stops[0][0]), stops[-1][0])
    upper = next(place for place, (stop, _) in enumerate(stops) if stop >= share)
    (low, start), (high, end) = stops[max(upper - 1, 0)], stops[upper]
    return mixed(start, end, (share - low) / (high - low) if high > low else 0)


def mixed(start: str, end: str, share: float) -> str:
    """Mix two colours, as #rrggbb."""
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)


def transparent(colour: str, opacity: float) -> str:
    """Write a colour given as #rrggbb as rgba()."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{opacity})"


def _channels(colour: str) -> tuple[int, int, int]:
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return red, green, blue
