"""The colours of figures, for print, and what each becomes on a dark screen.

The grades are the steps of the grading page (static/grading/grading.css). Ink on every step stands at least 5:1.
"""

from collections.abc import Sequence

from analysis.figure.tissues import DARK_TISSUES

INK, MUTED, LINE, PAPER = "#15181b", "#555d66", "#dfe3e7", "#ffffff"
QUIET = "#8a939c"  # marks of what is not significant: 3:1 on paper, as marks need
GRADES = ("#efd4d0", "#ebb058", "#cc8020", "#874b10")
# Black and white: nothing paler reaches 4.5:1 on every shade. All but equal, so that each has its own in the dark.
GRADE_INKS = ("#000000", "#000001", "#000100", "#fffffe")
NO_GRADE = "#f7f5f2"
NO_GRADE_LINE = "#b9afa8"
NO_DIFFERENCE = "#f1efec"

DARK = {
    INK: "#e6e8ea",
    MUTED: "#9ba4ad",
    LINE: "#31363c",
    PAPER: "#17191c",
    QUIET: "#7d868f",
    **dict(zip(GRADES, ("#4e3836", "#7b521c", "#bd7f20", "#febf32"), strict=True)),
    **dict(zip(GRADE_INKS, ("#ffffff", "#ffffff", "#000000", "#000000"), strict=True)),
    NO_GRADE: "#1f2225",
    NO_GRADE_LINE: "#5b5550",
    NO_DIFFERENCE: "#2e3235",
}

Stops = Sequence[tuple[float, str]]


def grade_stops() -> list[tuple[float, str]]:
    """The scale from grade 0 to 3 as stops between 0 and 1: each grade its own colour, means between in between."""
    return [(score / (len(GRADES) - 1), colour) for score, colour in enumerate(GRADES)]


def in_dark(colour: str) -> str:
    """A colour's counterpart on a dark screen; groups keep theirs."""
    return DARK.get(colour.lower()) or DARK_TISSUES.get(colour.lower(), colour)


def ink_on(colour: str) -> str:
    """Black or white, whichever stands out more from a colour (WCAG's contrast)."""
    return GRADE_INKS[-1] if _luminance(colour) < 0.179 else GRADE_INKS[0]


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = (channel / 255 for channel in _channels(colour))
    linear = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return sum(weight * each for weight, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def shade(share: float, stops: Stops) -> str:
    """The colour at a share between 0 and 1, interpolated in sRGB as plotly does."""
    share = min(max(share, stops[0][0]), stops[-1][0])
    upper = next(place for place, (stop, _) in enumerate(stops) if stop >= share)
    (low, start), (high, end) = stops[max(upper - 1, 0)], stops[upper]
    return mixed(start, end, (share - low) / (high - low) if high > low else 0)


def mixed(start: str, end: str, share: float) -> str:
    """A colour between two, as #rrggbb."""
    pairs = zip(_channels(start), _channels(end), strict=True)
    return "#" + "".join(f"{round(one + (other - one) * share):02x}" for one, other in pairs)


def transparent(colour: str, opacity: float) -> str:
    """A colour as rgba()."""
    red, green, blue = _channels(colour)
    return f"rgba({red},{green},{blue},{opacity})"


def _channels(colour: str) -> tuple[int, int, int]:
    return tuple(int(colour[start : start + 2], 16) for start in (1, 3, 5))
