"""The outlines of the thigh's cross-section, from the one drawing of it: templates/partials/thigh.svg.html."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree  # nosec B405

SIZE = 400  # units of the drawing, both ways
_DRAWING = Path(__file__).resolve().parents[2] / "templates" / "partials" / "thigh.svg.html"


@dataclass(frozen=True)
class MuscleOutline:
    """A muscle's outline and the middle of its label, in the drawing's units."""

    code: str
    d: str
    x: float
    y: float
    is_small: bool  # it has room for a small label only


@dataclass(frozen=True)
class Surroundings:
    """What lies around the muscles: an element's name, its class and its shape."""

    name: str
    kind: str
    shape: dict[str, str]


@dataclass(frozen=True)
class Outlines:
    """The drawing in the order in which it is drawn: ``behind`` the muscles, the muscles, ``before`` them."""

    behind: tuple[Surroundings, ...]
    muscles: tuple[MuscleOutline, ...]
    before: tuple[Surroundings, ...]


@cache
def outlines() -> Outlines:
    """The drawing, read once."""
    source = re.sub(r"{%.*?%}", "", _DRAWING.read_text(encoding="utf-8"))
    root = ElementTree.fromstring(source)  # nosec B314
    around = [_surroundings(each) for each in root if each.tag in ("path", "circle") and not each.get("data-muscle")]
    return Outlines(
        behind=tuple(each for each in around if each.kind != "raphe"),
        muscles=tuple(_muscles(list(root))),
        before=tuple(each for each in around if each.kind == "raphe"),
    )


def _muscles(elements: list[ElementTree.Element]) -> Iterator[MuscleOutline]:
    for element, label in pairwise(elements):  # each outline is followed by its label
        if code := element.get("data-muscle"):
            is_small = "is-small" in label.get("class")
            yield MuscleOutline(code, element.get("d"), float(label.get("x")), float(label.get("y")), is_small)


def _surroundings(element: ElementTree.Element) -> Surroundings:
    kind = element.get("class")
    return Surroundings(element.tag, kind, {key: value for key, value in element.items() if key != "class"})
