"""The outlines of the thigh's cross-section, from the one drawing of it: templates/partials/thigh.svg."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree  # nosec B405

SIZE = 400  # units of the drawing, both ways
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWING = Path(__file__).resolve().parents[2] / "templates" / "partials" / "thigh.svg"


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
    """Read the drawing, once."""
    root = ElementTree.parse(_DRAWING).getroot()  # nosec B314
    shapes = (f"{_SVG}path", f"{_SVG}circle")
    around = [_surroundings(each) for each in root if each.tag in shapes and not each.get("data-muscle")]
    return Outlines(
        behind=tuple(each for each in around if each.kind != "raphe"),
        muscles=tuple(_muscles(list(root))),
        before=tuple(each for each in around if each.kind == "raphe"),
    )


def _muscles(elements: list[ElementTree.Element]) -> Iterator[MuscleOutline]:
    for element, label in pairwise(elements):  # each outline is followed by its label
        if code := element.get("data-muscle"):
            is_small = "is-small" in label.attrib["class"]
            x, y = float(label.attrib["x"]), float(label.attrib["y"])
            yield MuscleOutline(code, element.attrib["d"], x, y, is_small)


def _surroundings(element: ElementTree.Element) -> Surroundings:
    kind, name = element.attrib["class"], element.tag.removeprefix(_SVG)
    return Surroundings(name, kind, {key: value for key, value in element.items() if key != "class"})
