"""Stacks drawn from grades, as they are stored."""

from collections.abc import Mapping

import numpy as np

from grading.demo.phantom import drawing
from grading.scale import STIR, T1W, T2FS
from grading.stacks.manifest import Manifest, digest
from grading.stacks.packing import pack

WINDOWS = {STIR: (280.0, 560.0), T2FS: (300.0, 600.0), T1W: (450.0, 900.0)}  # centre and width

DrawnStack = tuple[Manifest, list[bytes]]  # what is known of it, and its packed slices
DrawnStacks = dict[str, DrawnStack]  # by sequence


def draw_stacks(graded: Mapping[tuple[str, str], Mapping[str, drawing.Grade]], *, seed: int) -> DrawnStacks:
    """Draw an MRI on the sequences that it was read on, and on T1W.

    Args:
        graded: by feature and sequence, the grade of each muscle.
        seed: of shapes, grain and noise.
    """
    grades = {feature: muscles for (feature, _), muscles in graded.items()}
    sequences = {sequence for _, sequence in graded} | {T1W}
    drawn = drawing.draw(grades, sequences=tuple(sorted(sequences)), seed=seed)
    return {sequence: _pack_drawing(stack, WINDOWS[sequence]) for sequence, stack in drawn.items()}


def _pack_drawing(stack: np.ndarray, window: tuple[float, float]) -> DrawnStack:
    slices = len(stack)
    positions = tuple(round(drawing.FROM_HIP_TO_KNEE * number / (slices - 1), 2) for number in range(slices))
    return pack_drawn(stack, spacing=drawing.SPACING, positions=positions, thickness=8.0, window=window)


def pack_drawn(
    stack: np.ndarray,
    *,
    spacing: tuple[float, float],
    positions: tuple[float, ...],
    thickness: float,
    window: tuple[float, float],
) -> DrawnStack:
    """Pack axial slices that were drawn: uint16 of shape (slices, rows, columns), lengths in mm as a manifest has them.

    The patient's right is at the image's left.
    """
    slices, rows, columns = stack.shape
    packed = [pack(pixels) for pixels in stack]
    manifest = Manifest(
        rows=rows,
        columns=columns,
        slices=slices,
        spacing=spacing,
        positions=positions,
        thickness=thickness,
        bits=16,
        signed=False,
        slope=1.0,
        intercept=0.0,
        inverted=False,
        window=window,
        windows=(),
        letters={"left": "R", "right": "L", "top": "A", "bottom": "P"},
        sha256=digest(packed),
    )
    return manifest, packed
