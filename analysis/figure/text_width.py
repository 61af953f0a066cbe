"""How wide a text is drawn, without a browser to ask.

Estimated high: the widths are those of DejaVu Sans, the widest of the fonts that a figure may be drawn in, rounded
up by class of character. What fits by this fits in Segoe UI, Roboto or Helvetica.
"""

_NARROW = frozenset("ijlI.,:;'|!()[] ft-r/\\\"")
_WIDE = frozenset("mwMW%@—→←−+<>=~")


def text_width(text: str, size: float) -> float:
    """Estimate a line of text in pixels."""
    return size * sum(map(_ems, text))


def fitted(text: str, width: float, size: float) -> str:
    """Return the text, or as much of its beginning as is surely within that many pixels, with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = next(end for end in range(len(text) - 1, -1, -1) if text_width(f"{text[:end]}…", size) <= width or not end)
    return f"{text[:kept].rstrip()}…"


def wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines that are surely within that many pixels; only a word wider than a line is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(fitted(word, width, size))
    return lines


def fitted_inside(text: str, width: float, size: float) -> str:
    """Return the text, or its two ends with an ellipsis between them, surely within that many pixels.

    A name often says at its end which of many it is.
    """
    kept = len(text)
    while kept > 1 and text_width(shortened_inside(text, kept), size) > width:
        kept -= 1
    return shortened_inside(text, kept)


def shortened_inside(text: str, characters: int) -> str:
    """Return the text, or its two ends with an ellipsis between them if it has more than that many characters."""
    if len(text) <= characters:
        return text
    end = (characters - 1) // 2
    return f"{text[: characters - 1 - end]}…{text[len(text) - end :]}"


def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.42
    if character in _WIDE:
        return 0.98
    if ord(character) > 0x2FF:  # beyond Latin letters: as wide as it is high
        return 1.0
    return 0.78 if character.isupper() else 0.64
