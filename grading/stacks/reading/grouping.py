"""Images → the stacks that they make, or why they make none."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from grading.stacks.reading.frame import Frame, Grid
from grading.stacks.reading.limits import MAX_SLICES, MAX_STACKS
from grading.stacks.reading.place import in_slice, normal_of
from grading.stacks.refusal import LeftOut, Refused

_SAME_PLACE = 0.01  # mm
_SHIFTED = 1.0  # mm that the first pixels of slices may be beside one another
_TURNED = 5e-3  # how much the directions of slices may differ
_GAP = 1.5  # times the usual distance
_FORMATS = ("allocated", "stored", "high_bit", "signed", "inverted", "slope", "intercept")

_TWICE = "Images that came twice. One of each was taken."
_DIRECTIONS = "Images of one series in several directions, as localizers have them. Upload series of parallel slices."
_SIZES = "Images of one series with different sizes or spacing. Upload series of slices of one size."
_REFERENCES = (
    "Images of one series between which the patient was placed anew (two frames of reference). Upload the slices of "
    "one placing."
)
_VALUES = (
    "Images of one series whose values mean different things (bits, rescaling). Export the series as it was scanned."
)
_SEVERAL = (
    "Several images of one place in one series, such as those of a dynamic series or of a slice that was exported "
    "anew: {} of {}, whose pixels differ. Upload a series with one image for each place."
)
_SLANTED = "Slices that are shifted beside one another. Upload series whose slices lie straight behind one another."
_TOO_MANY = f"Series of more than {MAX_SLICES:,} slices. Upload a series with fewer."
_TOO_MANY_STACKS = f"The upload has more than {MAX_STACKS} series of slices. Upload those that are graded alone."


@dataclass(frozen=True)
class Pile:
    """Images that make a stack, in its order, with their positions along the normal in mm."""

    frames: list[Frame]
    positions: list[float]

    @property
    def grid(self) -> Grid:
        return self.frames[0].grid

    @property
    def middle(self) -> Frame:
        return self.frames[len(self.frames) // 2]

    @property
    def gap(self) -> float | None:
        """The largest distance between neighbours, in mm, where slices seem to be missing."""
        distances = sorted(np.diff(self.positions))
        if not distances:
            return None
        usual = distances[(len(distances) - 1) // 2]  # of two in the middle the shorter: of three slices one may miss
        return float(distances[-1]) if distances[-1] > _GAP * usual else None


def piles_of(frames: list[Frame], left_out: Counter[str]) -> list[Pile]:
    """Put images that belong together into piles, and count in ``left_out`` those that make none, by reason."""
    by_series: dict[tuple[Any, ...], list[Frame]] = {}
    for frame in _once(_once(frames, _by_identifier, left_out), _by_content, left_out):
        by_series.setdefault(frame.series, []).append(frame)
    piles = []
    for together in by_series.values():
        try:
            piles.append(_pile(together))
        except LeftOut as why:
            left_out[why.reason] += len(together)
    if len(piles) > MAX_STACKS:
        raise Refused(_TOO_MANY_STACKS)
    return piles


def _once(
    frames: Iterable[Frame], named: Callable[[Frame], tuple[Any, ...]], left_out: Counter[str]
) -> Collection[Frame]:
    """Take each image once, and count those that came again under the same name."""
    once: dict[tuple[Any, ...], Frame] = {}
    for frame in frames:
        left_out[_TWICE] += once.setdefault(named(frame), frame) is not frame
    return once.values()


def _by_identifier(frame: Frame) -> tuple[Any, ...]:
    """Some programs that anonymise give all images one identifier: those of different places are different images."""
    return (*frame.series, frame.image, frame.number, frame.position) if frame.image else frame.place


def _by_content(frame: Frame) -> tuple[Any, ...]:
    """Others give an identifier anew with each export: of one place and the same pixels is the same image."""
    return (*frame.series, frame.grid, frame.position, frame.format, frame.number, frame.content)


def _pile(frames: list[Frame]) -> Pile:
    """Pile images of one series. LeftOut where they are not the slices of one stack."""
    _judge_alike(frames)
    orientation = frames[0].grid.orientation
    places = np.array([frame.position for frame in frames]) @ normal_of(orientation)
    order = np.argsort(places, kind="stable")
    if doubled := int((np.diff(places[order]) < _SAME_PLACE).sum()):
        raise LeftOut(_several(len(frames) - doubled, doubled))
    if np.ptp(in_slice([frame.position for frame in frames], orientation), axis=0).max() > _SHIFTED:
        raise LeftOut(_SLANTED)
    return Pile([frames[index] for index in order], [round(float(place), 3) for place in places[order]])


def _several(places: int, doubled: int) -> str:
    return _SEVERAL.format(f"{places + doubled:,} images", "one place" if places == 1 else f"{places:,} places")


def _judge_alike(frames: list[Frame]) -> None:
    first = frames[0]
    if len(frames) > MAX_SLICES:
        raise LeftOut(_TOO_MANY)
    orientations = np.array([frame.grid.orientation for frame in frames])
    if np.abs(orientations - orientations[0]).max() > _TURNED:
        raise LeftOut(_DIRECTIONS)
    if any(_size(frame.grid) != _size(first.grid) for frame in frames):
        raise LeftOut(_SIZES)
    if any(frame.reference != first.reference for frame in frames):
        raise LeftOut(_REFERENCES)
    if any(_meaning(frame) != _meaning(first) for frame in frames):
        raise LeftOut(_VALUES)


def _size(grid: Grid) -> tuple[float, ...]:
    return (grid.rows, grid.columns, *(round(one, 3) for one in grid.spacing))


def _meaning(frame: Frame) -> tuple:
    return tuple(getattr(frame.format, name) for name in _FORMATS)
