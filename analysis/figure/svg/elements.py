"""SVG as text: elements with presentation attributes, never a style, and short numbers."""

from collections.abc import Iterable
from html import escape
from typing import Any


def short(value: float) -> str:
    """Write a coordinate with one decimal at most: a tenth of a pixel is more than anybody sees."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def element(name: str, content: str | Iterable[str] = "", **attributes: Any) -> str:
    """Write ``<name …>content</name>``; underscores in names are hyphens, None leaves an attribute out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = content if isinstance(content, str) else "".join(content)
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def xml_text(text: str) -> str:
    """Write any text as the content of an element; what XML cannot hold is left out."""
    return escape("".join(character for character in text if character.isprintable()), quote=False)


def path(steps: Iterable[str], **attributes: Any) -> str:
    """Write a path; nothing where there are no steps."""
    drawn = "".join(steps)
    return element("path", d=drawn, **attributes) if drawn else ""


def box(left: float, top: float, width: float, height: float) -> str:
    """Write the steps of a closed rectangle."""
    return f"M{short(left)} {short(top)}h{short(width)}v{short(height)}h{short(-width)}z"


def stroke(x0: float, y0: float, x1: float, y1: float) -> str:
    """Write the steps of a line."""
    if y0 == y1:
        return f"M{short(x0)} {short(y0)}H{short(x1)}"
    if x0 == x1:
        return f"M{short(x0)} {short(y0)}V{short(y1)}"
    return f"M{short(x0)} {short(y0)}L{short(x1)} {short(y1)}"


def line_of_text(text: str, x: float, y: float, **attributes: Any) -> str:
    """Write a text whose baseline begins, is centred or ends at a point, as its ``text_anchor`` says."""
    return element("text", xml_text(text), x=short(x), y=short(y), **attributes)


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}".rstrip("0").rstrip(".")
    return escape(str(value))
