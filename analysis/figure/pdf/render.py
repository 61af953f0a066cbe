"""A still figure's SVG as PDF of the same size in millimetres; equal figures give equal bytes.

Draws the elements and attributes that `analysis.figure.svg` writes, and no others: a new one is a KeyError.
"""

import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree  # nosec B405

from analysis.figure.pdf.lettering import PLAIN, registered, write
from analysis.figure.pdf.path_steps import path_steps

_POINTS = 72 / 25.4  # of a PDF, in a millimetre
_SVG = "{http://www.w3.org/2000/svg}"
_OF_THE_ELEMENT = ("opacity", "transform", "d", "x", "y", "cx", "cy", "r", "width", "height")  # not inherited
_CAPS = {"butt": 0, "round": 1, "square": 2}
_JOINS = {"miter": 0, "round": 1}
_DEFAULTS = {"fill": "#000000", "stroke": "none", "stroke-width": "1", "font-size": "13", "text-anchor": "start"}

Style = dict[str, str]


def pdf(svg: str) -> bytes:
    """Draw a figure that was drawn for print.

    Raises:
        UnanswerableError: the font lacks a letter of its words.
    """
    from reportlab.pdfgen.canvas import Canvas  # here: most commands and pages make no PDF

    root = ElementTree.fromstring(svg)  # of our own making  # nosec B314
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    scale = float(root.attrib["width"].removesuffix("mm")) * _POINTS / width
    content = BytesIO()
    canvas = Canvas(content, pagesize=(width * scale, height * scale), invariant=1, initialFontName=registered(PLAIN))
    canvas.setTitle(root.findtext(f"{_SVG}title", ""))
    canvas.setSubject(root.findtext(f"{_SVG}desc", ""))
    canvas.setCreator("thighsite")
    canvas.transform(scale, 0, 0, -scale, 0, height * scale)  # y points down, as in SVG
    _draw(canvas, root, _DEFAULTS)
    canvas.showPage()
    canvas.save()
    return content.getvalue()


def _draw(canvas: Any, element: ElementTree.Element, inherited: Style) -> None:
    style = inherited | {name: value for name, value in element.attrib.items() if name not in _OF_THE_ELEMENT}
    kind = element.tag.removeprefix(_SVG)
    canvas.saveState()
    _transform(canvas, element.get("transform", ""))
    _DRAW[kind](canvas, element, style)
    canvas.restoreState()


def _all(canvas: Any, element: ElementTree.Element, style: Style) -> None:
    for child in element:
        _draw(canvas, child, style)


def _transform(canvas: Any, transform: str) -> None:
    for name, written in re.findall(r"(\w+)\(([^)]*)\)", transform):
        numbers = [float(number) for number in written.split()]
        if name == "rotate":
            angle, x, y = numbers
            canvas.translate(x, y)
            canvas.rotate(angle)
            canvas.translate(-x, -y)
        else:
            {"translate": canvas.translate, "scale": _scale(canvas)}[name](*numbers)


def _scale(canvas: Any) -> Any:
    return lambda both: canvas.scale(both, both)


def _path(canvas: Any, element: ElementTree.Element, style: Style) -> None:
    drawn = canvas.beginPath()
    step = {"M": drawn.moveTo, "L": drawn.lineTo, "C": drawn.curveTo, "Z": drawn.close}
    for name, numbers in path_steps(element.attrib["d"]):
        step[name](*numbers)
    _paint(canvas, drawn, element, style)


def _circle(canvas: Any, element: ElementTree.Element, style: Style) -> None:
    drawn = canvas.beginPath()
    drawn.circle(*(float(element.attrib[name]) for name in ("cx", "cy", "r")))
    _paint(canvas, drawn, element, style)


def _paint(canvas: Any, drawn: Any, element: ElementTree.Element, style: Style) -> None:
    whole = float(element.get("opacity", 1))
    is_filled, is_stroked = _fill(canvas, style, whole), _stroke(canvas, style, whole)
    if is_filled or is_stroked:
        canvas.drawPath(drawn, fill=is_filled, stroke=is_stroked)


def _fill(canvas: Any, style: Style, whole: float = 1.0) -> bool:
    if style["fill"] == "none":
        return False
    canvas.setFillColor(_hex(style["fill"]))
    canvas.setFillAlpha(whole * float(style.get("fill-opacity", 1)))
    return True


def _stroke(canvas: Any, style: Style, whole: float = 1.0) -> bool:
    if style["stroke"] == "none" or not float(style["stroke-width"]):
        return False
    canvas.setStrokeColor(_hex(style["stroke"]))
    canvas.setStrokeAlpha(whole * float(style.get("stroke-opacity", 1)))
    canvas.setLineWidth(float(style["stroke-width"]))
    canvas.setLineCap(_CAPS[style.get("stroke-linecap", "butt")])
    canvas.setLineJoin(_JOINS[style.get("stroke-linejoin", "miter")])
    canvas.setDash([float(length) for length in style.get("stroke-dasharray", "").split()])
    return True


def _hex(colour: str) -> str:
    """Write a colour with six digits. Colours of groups and palette are in hexadecimal."""
    return colour if len(colour) == 7 else f"#{''.join(2 * digit for digit in colour[1:])}"


def _text(canvas: Any, element: ElementTree.Element, style: Style) -> None:
    words: dict[str, Any] = {
        "text": element.text or "",
        "place": (float(element.attrib["x"]), float(element.attrib["y"])),
        "size": float(style["font-size"]),
        "anchor": style["text-anchor"],
        "is_bold": style.get("font-weight") == "600",
    }
    if style.get("paint-order") == "stroke" and _stroke(canvas, style):
        canvas.saveState()
        write(canvas, **words, is_outline=True)
        canvas.restoreState()
    if _fill(canvas, style):
        write(canvas, **words)


def _nothing(canvas: Any, element: ElementTree.Element, style: Style) -> None:
    """Leave out what is no drawing."""


_DRAW = {"svg": _all, "g": _all, "path": _path, "circle": _circle, "text": _text, "title": _nothing, "desc": _nothing}
