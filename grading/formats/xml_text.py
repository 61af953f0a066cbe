"""XML as text, an element at a time, so that a long file is never held. Pure: no Django."""

import re
from html import escape

_BLANKS = {ord(blank): f"&#{ord(blank)};" for blank in "\t\n\r"}  # what a parser makes a mere blank of in an attribute
# What XML 1.0 cannot hold in any spelling. A comment may have it, for PostgreSQL takes it.
_IMPOSSIBLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def begin(name: str, **attributes: object) -> str:
    """Write a start tag; an attribute that is None is left out, and ``xml_lang`` is xml:lang."""
    return f"<{name}{_attributes(attributes)}>"


def empty(name: str, **attributes: object) -> str:
    """Write an element without content."""
    return f"<{name}{_attributes(attributes)}/>"


def holding(name: str, content: str, **attributes: object) -> str:
    """Write an element around what is XML already."""
    return f"<{name}{_attributes(attributes)}>{content}</{name}>"


def text(value: object) -> str:
    """Write what people wrote: nothing in it is markup, and line breaks and tabs stay, in attributes, too."""
    return escape(_IMPOSSIBLE.sub("\ufffd", str(value))).translate(_BLANKS)


def _attributes(attributes: dict[str, object]) -> str:
    there = {name.replace("_", ":"): value for name, value in attributes.items() if value is not None}
    return "".join(f' {name}="{text(value)}"' for name, value in there.items())
