"""Where an image lies in the patient, and where slices lie in their stack. L, P and H are the patient's directions.

PS3.3 C.7.6.2: the orientation has the direction of a row, then of a column; the position is that of the first pixel.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from grading.stacks.reading.frame import Grid, Vector
from grading.stacks.reading.values import number, numbers
from grading.stacks.refusal import LeftOut

_FARTHEST = 5_000  # mm from the middle of a scanner
_THICKEST = 100  # mm
_SPACING = (0.01, 20)  # mm
_SKEW = 0.01  # how far directions may be from length 1, and from a right angle
_SECOND_LETTER = math.sin(math.radians(15))  # a direction that leans less has one letter
_LETTERS = ("RL", "AP", "FH")  # of each direction: below zero, above zero
_ORDER = (1, 1, -1)  # stacks run from right to left, from front to back, from head to feet

_NO_PLACE = (
    "Images that do not say where in the patient they lie: position, orientation, and spacing of the pixels. Export "
    "the series as DICOM from the scanner or the PACS."
)


def grid_of(whole_file: Dataset, one: Dataset) -> Grid:
    """Read how the pixels of an image lie. LeftOut where that is not said, or cannot be."""
    spacing, orientation = numbers(one, "PixelSpacing", 2), numbers(one, "ImageOrientationPatient", 6)
    if spacing is None or not all(_SPACING[0] <= one <= _SPACING[1] for one in spacing):
        raise LeftOut(_NO_PLACE)
    if orientation is None or not _is_upright(np.reshape(orientation, (2, 3))):
        raise LeftOut(_NO_PLACE)
    return Grid(rows=int(whole_file.Rows), columns=int(whole_file.Columns), spacing=spacing, orientation=orientation)


def position_of(one: Dataset) -> Vector:
    """Read where the first pixel of an image lies, in mm. LeftOut where that is not said, or cannot be."""
    position = numbers(one, "ImagePositionPatient", 3)
    if position is None or max(map(abs, position)) > _FARTHEST:
        raise LeftOut(_NO_PLACE)
    return position


def thickness_of(one: Dataset) -> float | None:
    thickness = number(one, "SliceThickness")
    return round(thickness, 3) if thickness is not None and 0 < thickness <= _THICKEST else None


def letters_of(orientation: Vector) -> dict[str, str]:
    """Name what lies beyond each side of a slice, by one letter, or by two where it leans."""
    row, column = np.reshape(orientation, (2, 3))
    return {"left": _letters(-row), "right": _letters(row), "top": _letters(-column), "bottom": _letters(column)}


def normal_of(orientation: Vector) -> NDArray[np.float64]:
    """Compute the normal of slices, such that it points in the order of their stack."""
    row, column = np.reshape(orientation, (2, 3))
    normal, main = np.cross(row, column), axis_of(orientation)
    return normal * (_ORDER[main] * np.sign(normal[main]))


def axis_of(orientation: Vector) -> int:
    """Say along which of the patient's directions slices lie behind one another: 0 for L, 1 for P, 2 for H."""
    row, column = np.reshape(orientation, (2, 3))
    return int(np.argmax(np.abs(np.cross(row, column))))


def in_slice(positions: Sequence[Vector], orientation: Vector) -> NDArray[np.float64]:
    """Compute where the first pixels of slices lie along row and column: mm, slices × 2."""
    return np.asarray(positions) @ np.reshape(orientation, (2, 3)).T


def _is_upright(directions: NDArray[np.float64]) -> bool:
    """Say whether two directions have length 1 and are at a right angle."""
    return bool(np.abs(directions @ directions.T - np.eye(2)).max() <= _SKEW)


def _letters(direction: NDArray[np.float64]) -> str:
    largest_first = np.argsort(-np.abs(direction), kind="stable")[:2]
    leans = [axis for place, axis in enumerate(largest_first) if place == 0 or abs(direction[axis]) >= _SECOND_LETTER]
    return "".join(_LETTERS[axis][int(direction[axis] > 0)] for axis in leans)
