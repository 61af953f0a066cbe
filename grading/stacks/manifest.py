"""What is known of a stack beside its pixels: the whole list of what survives of the DICOM it came from."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import Any, Self

# What was done to the DICOM, in the codes of PS3.16 CID 7050, scheme DCM: code and meaning. Reading does the first:
# the header is gone, and with it names, dates, UIDs, texts, overlays and private elements.
READ = (("113100", "Basic Application Confidentiality Profile"),)
# Approving does the second: a person has looked at every slice and says that no text stands in it.
APPROVED = (*READ, ("113101", "Clean Pixel Data Option"))

SIDES = ("left", "right", "top", "bottom")
BITS = (8, 16)
_LETTERS, _SHA256 = re.compile("[RLAPHF]{1,2}"), re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Geometry, values and windows of a stack. ValueError where its parts do not fit together.

    Attributes:
        rows, columns: pixels of a slice; slices: how many there are.
        spacing: mm between the middles of two rows, and of two columns.
        positions: mm along the normal of the slices, one for each, rising in the stack's order: from head to feet, or
            where the slices are nearer to upright from right to left, or from front to back.
        thickness: of a slice in mm, where it is known.
        bits: 8 or 16, of one stored pixel; signed: whether it can be below zero.
        slope, intercept: value = stored pixel × slope + intercept. Windows are of values.
        inverted: whether the lowest value is white (MONOCHROME1).
        window: centre and width in which the stack opens; windows: those that its scanner or PACS gave, or none. All
            as in PS3.3 C.11.2.1.2.1 (LINEAR).
        letters: what lies beyond each side of a slice: one or two of R L A P H F, the nearest first.
        sha256: of the packed slices, one behind the other.
    """

    rows: int
    columns: int
    slices: int
    spacing: tuple[float, float]
    positions: tuple[float, ...]
    thickness: float | None
    bits: int
    signed: bool
    slope: float
    intercept: float
    inverted: bool
    window: tuple[float, float]
    windows: tuple[tuple[float, float], ...]
    letters: dict[str, str]
    sha256: str

    def __post_init__(self) -> None:
        if self.slices != len(self.positions) or self.slices < 1:
            raise ValueError(f"A stack of {self.slices} slices has {len(self.positions)} positions")
        if self.bits not in BITS:
            raise ValueError(f"A pixel has 8 or 16 bits, not {self.bits}")
        if set(self.letters) != set(SIDES):
            raise ValueError(f"Letters are those of {', '.join(SIDES)}, not of {', '.join(self.letters)}")
        # So that no text can come along in one, whatever made it
        if not all(_LETTERS.fullmatch(letters) for letters in self.letters.values()):
            raise ValueError("A side has one or two letters of R, L, A, P, H and F")
        if not _SHA256.fullmatch(self.sha256):
            raise ValueError("A SHA-256 has 64 hexadecimal digits")
        if not all(isinstance(number, int | float) and math.isfinite(number) for number in self._numbers()):
            raise ValueError("All else of a stack is numbers")

    def _numbers(self) -> Iterator[Any]:
        yield from (self.rows, self.columns, self.slices, self.bits, self.signed, self.inverted)
        yield from (self.slope, self.intercept, self.thickness or 0)
        yield from (*self.spacing, *self.positions, *self.window)
        yield from (number for window in self.windows for number in window)

    @property
    def bytes_of_slice(self) -> int:
        """How many bytes a slice has, unpacked."""
        return self.rows * self.columns * self.bits // 8

    def to_json(self) -> dict[str, Any]:
        """Write it as a dict of what JSON has."""
        written = asdict(self)
        written.update(spacing=list(self.spacing), positions=list(self.positions), window=list(self.window))
        return written | {"windows": [list(window) for window in self.windows]}

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> Self:
        """Read what ``to_json`` wrote. KeyError where something is missing; what it does not know it leaves."""
        known = {field.name: written[field.name] for field in fields(cls)}
        for name in ("spacing", "positions", "window"):
            known[name] = tuple(known[name])
        return cls(**known | {"windows": tuple(tuple(window) for window in known["windows"])})


def digest(slices: Iterable[bytes]) -> str:
    """Compute the SHA-256 of packed slices in their order, in hexadecimal digits."""
    computed = sha256()
    for packed in slices:
        computed.update(packed)
    return computed.hexdigest()
