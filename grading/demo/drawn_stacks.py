"""Stacks drawn from grades, as they are stored."""

from collections.abc import Iterator, Mapping

import numpy as np

from grading.demo.phantom import drawing
from grading.scale import STIR, T1W, T2FS
from grading.stacks.manifest import Manifest
from grading.stacks.packing import digest, pack

WINDOWS = {STIR: (280.0, 560.0), T2FS: (300.0, 600.0), T1W: (450.0, 900.0)}  # centre and width

DrawnStacks = dict[str, tuple[Manifest, list[bytes]]]  # by sequence: what is known of a stack, and its packed slices


def draw_stacks(graded: Mapping[tuple[str, str], Mapping[str, drawing.Grade]], *, seed: int) -> DrawnStacks:
    """Draw an MRI on the sequences that it was read on, and on T1W.

    Args:
        graded: by feature and sequence, the grade of each muscle.
        seed: of shapes, grain and noise.
    """
    grades = {feature: muscles for (feature, _), muscles in graded.items()}
    sequences = {sequence for _, sequence in graded} | {T1W}
    drawn = drawing.draw(grades, sequences=tuple(sorted(sequences)), seed=seed)
    return {sequence: _packed(sequence, stack) for sequence, stack in drawn.items()}


def _packed(sequence: str, stack: np.ndarray) -> tuple[Manifest, list[bytes]]:
    slices, rows, columns = stack.shape
    packed = [pack(pixels) for pixels in stack]
    manifest = Manifest(
        rows=rows,
        columns=columns,
        slices=slices,
        spacing=drawing.SPACING,
        positions=tuple(_positions(slices)),
        thickness=8.0,
        bits=16,
        signed=False,
        slope=1.0,
        intercept=0.0,
        inverted=False,
        window=WINDOWS[sequence],
        windows=(),
        letters={"left": "R", "right": "L", "top": "A", "bottom": "P"},
        sha256=digest(packed),
    )
    return manifest, packed


def _positions(slices: int) -> Iterator[float]:
    return (round(drawing.FROM_HIP_TO_KNEE * number / (slices - 1), 2) for number in range(slices))
