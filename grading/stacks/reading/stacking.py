"""Piles of images → stacks: packed slices in the output, and a manifest of each."""

import os
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np

from grading.stacks.manifest import Manifest, digest
from grading.stacks.packing import pack
from grading.stacks.reading.frame import Frame
from grading.stacks.reading.grouping import Pile
from grading.stacks.reading.pixels import Pixels, pixels_of
from grading.stacks.reading.place import axis_of, letters_of
from grading.stacks.reading.sources import Piece, read_all
from grading.stacks.reading.suggesting import suggest
from grading.stacks.reading.windows import window_of_pixels

_EVERY = 4  # row and column of which the window is computed
_FEWEST_VALUES = 16  # that a window has to be able to tell apart

_LOSSY = "The images were compressed with loss before they came here."
_COMPRESSED = (
    "The images came compressed. Damage of which their file tells nothing would show as blocks, stripes or blur: look "
    "for them in every slice."
)
_COMPUTED = "The images were computed from others after the scan (SECONDARY): look for text in them."
_OTHER_PLANE = (
    "Its slices lie in another plane than those of the first of the sequences: the two are not scrolled in step."
)
_PLACED_ANEW = (
    "The patient was placed anew between this and the first of the sequences: slices of the two that are shown "
    "together may not lie at one place."
)


class Stacking:
    """Packs slices into a file as they come, whatever their order, and remembers where each is."""

    def __init__(self, output: BinaryIO):
        self._output = output
        self._where: dict[tuple[int, int], tuple[int, int]] = {}  # of a frame: begin and length
        self._samples: dict[tuple[int, int], Pixels] = {}

    def pack(self, pieces: list[Piece], piles: list[Pile]) -> None:
        """Decode and pack the slices of all piles, file by file, each of which is read once."""
        by_piece: dict[int, list[Frame]] = {}
        for pile in piles:
            for frame in pile.frames:
                by_piece.setdefault(frame.piece, []).append(frame)
        wanted = sorted(by_piece)
        for number, data in zip(wanted, read_all(pieces[number] for number in wanted), strict=True):
            for frame, pixels in pixels_of(data, by_piece[number]):
                self._add(frame, pixels)

    def describe(self, pile: Pile, first: Pile) -> dict[str, Any]:
        """Describe a stack for the answer; ``first`` is the pile that others are compared with."""
        sequence, because = suggest(pile.middle.timing)
        return {
            "manifest": self._manifest(pile).to_json(),
            "suggested_sequence": sequence,
            "suggested_because": because,
            "notes": _notes(pile, first),
            "where": [self._where[frame.place] for frame in pile.frames],
        }

    def _add(self, frame: Frame, pixels: Pixels) -> None:
        packed = pack(pixels)
        self._where[frame.place] = (self._output.tell(), len(packed))
        self._output.write(packed)
        sample = pixels[::_EVERY, ::_EVERY]
        self._samples[frame.place] = sample[sample != frame.format.padding]

    def _manifest(self, pile: Pile) -> Manifest:
        grid, stored = pile.grid, pile.middle.format
        sample = np.concatenate([self._samples[frame.place] for frame in pile.frames])
        slope, intercept, windows = stored.slope, stored.intercept, pile.middle.windows
        if _range(sample) * abs(slope) < _FEWEST_VALUES:
            slope, intercept, windows = 1.0, 0.0, ()
        return Manifest(
            rows=grid.rows,
            columns=grid.columns,
            slices=len(pile.frames),
            spacing=(round(grid.spacing[0], 4), round(grid.spacing[1], 4)),
            positions=tuple(pile.positions),
            thickness=pile.middle.thickness,
            bits=stored.allocated,
            signed=stored.signed,
            slope=slope,
            intercept=intercept,
            inverted=stored.inverted,
            window=windows[0] if windows else window_of_pixels(sample, slope, intercept),
            windows=windows,
            letters=letters_of(grid.orientation),
            sha256=digest(self._packed(pile)),
        )

    def _packed(self, pile: Pile) -> Iterator[bytes]:
        self._output.flush()
        for frame in pile.frames:
            start, length = self._where[frame.place]
            yield os.pread(self._output.fileno(), length, start)


def _range(sample: Pixels) -> int:
    """Compute how far pixels are apart, as Python counts: theirs would overflow."""
    return int(sample.max()) - int(sample.min()) if sample.size else 0


def _notes(pile: Pile, first: Pile) -> list[str]:
    """Say what a coordinator should know before they approve a stack."""
    notes = []
    if pile.gap:
        notes.append(f"Between two slices are {pile.gap:.1f} mm, more than between the others: one may be missing.")
    if len(pile.frames) == 1:
        notes.append("This is a single slice.")
    if axis_of(pile.grid.orientation) != axis_of(first.grid.orientation):
        notes.append(_OTHER_PLANE)
    if pile.middle.reference != first.middle.reference:
        notes.append(_PLACED_ANEW)
    if any(frame.lossy for frame in pile.frames):
        notes.append(_LOSSY)
    if any(frame.pixels.encapsulated for frame in pile.frames):
        notes.append(_COMPRESSED)
    if any(frame.computed for frame in pile.frames):
        notes.append(_COMPUTED)
    return notes
