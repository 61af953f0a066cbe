"""Words in a PDF: in Bitstream Vera Sans, whose letters are as wide as those that `text_width` counts with.

reportlab brings the font, whose licence lets anybody embed it. It has no arrows, which are drawn.
"""

from itertools import groupby
from typing import Any

from analysis.stats.question import UnanswerableError

PLAIN, BOLD = "Vera", "VeraBd"
_ARROWS = {"←": -1, "→": 1}  # and the way that each points
_ARROW_WIDTH, _ARROW_HEIGHT = 0.84, 0.31  # ems, the height that of its middle
_ARROW = (
    (0.36, 0),
    (0.14, -0.2),
    (0.14, -0.04),
    (-0.36, -0.04),
    (-0.36, 0.04),
    (0.14, 0.04),
    (0.14, 0.2),
)  # from there
_FILL, _STROKE = 0, 1  # of PDF's ways to render text


def registered(font: str) -> str:
    """Make a font known to reportlab, and give its name."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    if font not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(font, f"{font}.ttf"))
    return font


def write(
    canvas: Any,
    text: str,
    place: tuple[float, float],
    *,
    size: float,
    anchor: str,
    is_bold: bool,
    is_outline: bool = False,
) -> None:
    """Write a text whose baseline begins, is centred or ends at a point, in a canvas whose y points down.

    Args:
        is_outline: draw the letters' outline only, which lies behind them as a halo.

    Raises:
        UnanswerableError: the font lacks a letter.
    """
    font = BOLD if is_bold else PLAIN
    runs = [(is_arrow, "".join(run)) for is_arrow, run in groupby(text, key=_ARROWS.__contains__)]
    widths = [_width(run, font, size, is_arrow) for is_arrow, run in runs]
    x = place[0] - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * sum(widths)
    for (is_arrow, run), width in zip(runs, widths, strict=True):
        if is_arrow:
            _draw_arrows(canvas, run, (x, place[1]), size, is_outline)
        else:
            _write_run(canvas, run, (x, place[1]), (font, size), is_outline)
        x += width


def _width(run: str, font: str, size: float, is_arrow: bool) -> float:
    if is_arrow:
        return len(run) * _ARROW_WIDTH * size
    from reportlab.pdfbase import pdfmetrics

    known = pdfmetrics.getFont(registered(font)).face.charToGlyph
    if missing := [letter for letter in run if ord(letter) not in known]:
        raise UnanswerableError(f"The font of the PDF has no “{missing[0]}”: take the SVG.")
    width: float = pdfmetrics.stringWidth(run, font, size)
    return width


def _write_run(canvas: Any, run: str, place: tuple[float, float], font: tuple[str, float], is_outline: bool) -> None:
    written = canvas.beginText()
    written.setTextTransform(1, 0, 0, -1, *place)
    written.setFont(*font)
    written.setTextRenderMode(_STROKE if is_outline else _FILL)
    written.textOut(run)
    canvas.drawText(written)


def _draw_arrows(canvas: Any, run: str, place: tuple[float, float], size: float, is_outline: bool) -> None:
    x, y = place
    for count, arrow in enumerate(run):
        way, middle = _ARROWS[arrow], x + (count + 0.5) * _ARROW_WIDTH * size
        corners = [(middle + way * dx * size, y + (dy - _ARROW_HEIGHT) * size) for dx, dy in _ARROW]
        drawn = canvas.beginPath()
        drawn.moveTo(*corners[0])
        for corner in corners[1:]:
            drawn.lineTo(*corner)
        drawn.close()
        canvas.drawPath(drawn, stroke=is_outline, fill=not is_outline)
