"""How wide a text is drawn, without a browser to ask.

Estimated high: the widths are those of DejaVu Sans, the widest of the fonts that a figure may be drawn in, rounded
up by class of character. What fits by this fits in Segoe UI, Roboto or Helvetica.
"""

from html import unescape

_NARROW = frozenset("ijlI.,:;'|!()[] ft-r/\\\"")
_WIDE = frozenset("mwMW%@—→←−+<>=~")


def text_width(text: str, size: float) -> float:
    """Pixels of a line of text, entities counted as what they stand for."""
    return size * sum(map(_ems, unescape(text)))


def fitted(text: str, width: float, size: float) -> str:
    """The text, or as much of its beginning as is surely within that many pixels, with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = next(end for end in range(len(text) - 1, -1, -1) if text_width(f"{text[:end]}…", size) <= width or not end)
    return f"{text[:kept].rstrip()}…"


def _ems(character: str) -> float:
    if character in _NARROW:
        return 0.42
    if character in _WIDE:
        return 0.98
    if ord(character) > 0x2FF:  # beyond Latin letters: as wide as it is high
        return 1.0
    return 0.78 if character.isupper() else 0.64
