"""From grades to drawn stacks: edema bright on STIR and T2FS, fat bright on T1W, as far as the scale says."""

from collections.abc import Mapping

import numpy as np

from grading.anatomy import MUSCLE_CODES
from grading.demo.phantom.anatomy import make_thigh
from grading.demo.phantom.texture import smooth_noise
from grading.scale import NOT_ASSESSABLE, STIR, T1W, T2FS

SLICES = 16  # from hip to knee
ROWS, COLUMNS = 176, 336  # front to back; the patient's right to left
SPACING = (1.2, 1.2)  # mm between rows, between columns
FROM_HIP_TO_KNEE = 190.0  # mm between the first slice and the last
BRIGHTEST = 1023

Grade = int | str  # 0 to 3, or NOT_ASSESSABLE
# Share of a muscle's volume that is involved: within what the scale says of each grade
INVOLVED: dict[Grade, float] = {0: 0.0, 1: 0.2, 2: 0.53, 3: 0.9, NOT_ASSESSABLE: 0.0}
# Of muscle, fat and fluid: the brightness of each sequence, and the deviation of its noise
BRIGHTNESS = {STIR: (110, 32, 640, 9), T2FS: (140, 40, 700, 9), T1W: (210, 830, 40, 9)}
VOID = 0.12  # what is left of the signal of a muscle that cannot be assessed


def draw(
    grades: Mapping[str, Mapping[str, Grade]], *, sequences: tuple[str, ...], seed: int, slices: int = SLICES
) -> dict[str, np.ndarray]:
    """Draw both thighs with the grades' edema and fat.

    Args:
        grades: By feature ("edema", "fat") and muscle; what is left out is 0.
        sequences: What to draw: of STIR, T2FS and T1W.
        seed: Of shapes, grain and noise: the same seed gives the same drawing.
        slices: How many to draw of the way from hip to knee.

    Returns:
        By sequence, uint16 up to BRIGHTEST, shape (slices, ROWS, COLUMNS); the patient's right is at the image's left.
    """
    random = np.random.default_rng(seed)
    half = (slices, ROWS, COLUMNS // 2)
    radius = 0.47 * ROWS * random.uniform(0.92, 1.04)
    right, left = (_draw_thigh(random, half, radius, grades) for _ in range(2))
    muscle, fat, fluid, lost = np.concatenate([right, left[..., ::-1]], axis=-1)
    coil = 1 + 0.07 * smooth_noise(random, muscle.shape, (slices / 2, ROWS / 4, COLUMNS / 6))
    return {
        name: _magnitude(random, (muscle * m + fat * f + fluid * w) * coil * (1 - lost), noise)
        for name, (m, f, w, noise) in BRIGHTNESS.items()
        if name in sequences
    }


def _draw_thigh(
    random: np.random.Generator,
    shape: tuple[int, int, int],
    radius: float,
    grades: Mapping[str, Mapping[str, Grade]],
) -> np.ndarray:
    """Lay out a thigh with edema and fat: shares of muscle, fat and fluid, and of lost signal, the first axis."""
    thigh = make_thigh(random, shape, radius)
    fine, coarse = (smooth_noise(random, shape, widths) for widths in ((1.5, 1.6, 1.6), (3, 7, 7)))
    muscle = (thigh.muscles > 0).astype(np.float32)
    fat, fluid, lost = thigh.fat, thigh.fluid, np.zeros_like(muscle)
    for number, code in enumerate(MUSCLE_CODES, start=1):
        where = np.nonzero(thigh.muscles == number)
        spread = 0.35 * fine[where] + coarse[where]
        edema, fatty = (grades.get(feature, {}).get(code, 0) for feature in ("edema", "fat"))
        replaced = _within(spread, INVOLVED[fatty]) * np.clip(0.8 + 0.1 * fine[where], 0, 0.97)
        wet = _within(-spread, INVOLVED[edema]) * np.clip(0.8 + 0.15 * coarse[where], 0.4, 1.2)
        fat[where], muscle[where], fluid[where] = replaced, 1 - replaced, wet * (1 - replaced)
        if NOT_ASSESSABLE in (edema, fatty):
            lost[where] = 1 - VOID
    return np.stack([muscle, fat, fluid, lost])


def _within(spread: np.ndarray, share: float) -> np.ndarray:
    """Mark the share of a muscle's voxels in which a field is highest, with soft edges. Shape (voxels,)."""
    if share == 0 or not spread.size:
        return np.zeros(spread.shape, np.float32)
    edge = np.quantile(spread, 1 - share)
    return np.clip(0.5 + 3 * (spread - edge), 0, 1)


def _magnitude(random: np.random.Generator, signal: np.ndarray, noise: float) -> np.ndarray:
    """Blur a signal by a voxel, add the noise of a magnitude image (Rician), and cut it to whole numbers."""
    beside = sum(np.roll(signal, step, axis) for axis in (1, 2) for step in (1, -1))
    blurred = 0.6 * signal + 0.1 * beside
    real, imaginary = (noise * random.standard_normal(signal.shape, dtype=np.float32) for _ in range(2))
    return np.clip(np.hypot(blurred + real, imaginary), 0, BRIGHTEST).astype(np.uint16)
