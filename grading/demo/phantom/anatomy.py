"""Where tissue lies in a drawn thigh: skin, fat, bone, vessels and the eleven muscles.

Simple shapes that change from hip to knee, bent a little at random: enough to tell the muscles apart by their places,
as on an axial MRI. Nobody's thigh.
"""

from dataclasses import dataclass
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np

from grading.anatomy import MUSCLE_CODES
from grading.demo.phantom.texture import smooth_noise


class Belly(NamedTuple):
    """An ellipse in the cross-section, in units of the radius of the deep fascia; the femur lies near (0, 0)."""

    muscle: str
    medial: float  # of its middle, from the thigh's
    posterior: float
    half_width: float
    half_height: float
    turned: float  # degrees
    size_at_hip: float  # factors of both half axes
    size_at_knee: float


BELLIES = (
    Belly("VL", -0.62, -0.30, 0.30, 0.58, 18, 1.00, 0.90),
    Belly("VM", 0.42, -0.36, 0.27, 0.42, -25, 0.75, 1.25),
    Belly("VI", -0.10, -0.30, 0.50, 0.32, 0, 0.90, 1.05),
    Belly("RF", 0.00, -0.74, 0.30, 0.20, 0, 1.10, 0.55),
    Belly("BFSH", -0.34, 0.33, 0.24, 0.13, -25, 0.60, 1.15),
    Belly("BFLH", -0.36, 0.66, 0.27, 0.25, -30, 1.00, 0.90),
    Belly("SM", 0.46, 0.70, 0.24, 0.19, 25, 0.70, 1.25),
    Belly("ST", 0.08, 0.80, 0.23, 0.16, 0, 0.95, 0.95),
    Belly("ADD", 0.58, -0.02, 0.23, 0.15, 25, 1.25, 0.45),  # longus
    Belly("ADD", 0.36, 0.30, 0.40, 0.27, 20, 1.25, 0.70),  # magnus
    Belly("GR", 0.88, 0.12, 0.09, 0.26, 5, 1.05, 0.75),
    Belly("SA", 0.72, -0.42, 0.11, 0.22, -35, 1.00, 1.00),
)
FASCIA = 0.84  # radius of the deep fascia, in those of the skin
MUSCLE_REACH = 1.62  # a belly fills the space around it as far as this, in its own half axes


@dataclass(frozen=True)
class Thigh:
    """Tissue of one thigh, arrays of shape (slices, rows, columns)."""

    muscles: np.ndarray  # uint8: 0, or 1 + the muscle's place in MUSCLE_CODES
    fat: np.ndarray  # float32: share of the voxel
    fluid: np.ndarray


def make_thigh(random: np.random.Generator, shape: tuple[int, int, int], radius: float) -> Thigh:
    """Lay out one thigh in the middle of its image, the other thigh being at higher columns.

    Args:
        random: Bends its shapes.
        shape: Slices from hip to knee, rows from front to back, columns.
        radius: Of the skin at mid-thigh, in columns.
    """
    slices, rows, columns = shape
    down = np.linspace(0, 1, slices, dtype=np.float32)[:, None, None]  # 0 at the hip, 1 at the knee
    row, column = np.mgrid[0:rows, 0:columns].astype(np.float32)
    taper = radius * (1.06 - 0.24 * down)
    bend = [0.022 * smooth_noise(random, shape, (5, rows / 16, rows / 16)) for _ in range(2)]
    across = (column - columns / 2) / taper + bend[0]
    back = (row - rows / 2) / (0.97 * taper) + bend[1]
    skin = _length(across, back)
    across, back = (across + 0.03) / FASCIA, back / FASCIA
    nearest, gap, belongs_to = _nearest_belly(across, back, down)
    depth = _length(across, back)
    bone = _length((across + 0.10) / (0.155 + 0.03 * down), (back + 0.06) / (0.150 + 0.04 * down))
    vessel = _vessels(across, back, down)
    nerve = _length((across + 0.02) / 0.075, (back - 0.47) / 0.05)
    septum = 0.075 + 0.02 * smooth_noise(random, shape, (3, 4, 4))
    is_muscle = (
        (depth < 1) & (nearest < MUSCLE_REACH) & (gap > septum) & (bone > 1.04) & (vessel > 1.25) & (nerve > 1.1)
    )
    fat = ((skin < 0.985) & ~is_muscle).astype(np.float32)
    fat[(bone < 1) & (bone > 0.62)] = 0  # the cortex of the bone gives no signal, its marrow is fat
    fat[(depth > 0.985) & (depth < 1.008)] *= 0.25  # the deep fascia
    fat[(vessel < 1) | (nerve < 1)] *= 0.3
    fluid = ((vessel < 1) & (bone > 1)) + 0.35 * (nerve < 1) + 0.25 * ((skin >= 0.985) & (skin < 1.005))
    return Thigh(np.where(is_muscle, belongs_to, 0).astype(np.uint8), fat, fluid.astype(np.float32))


def _nearest_belly(across: np.ndarray, back: np.ndarray, down: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each voxel: its nearest belly's distance in half axes, how much farther the next is, and its muscle."""
    nearest = np.full(across.shape, 81, np.float32)  # squares of distances, until the end
    second = nearest.copy()
    muscle = np.zeros(across.shape, np.uint8)
    for belly in BELLIES:
        size = belly.size_at_hip + (belly.size_at_knee - belly.size_at_hip) * down
        cosine, sine = cos(radians(belly.turned)), sin(radians(belly.turned))
        medial, posterior = across - belly.medial, back - belly.posterior
        along = (medial * cosine + posterior * sine) / (belly.half_width * size)
        beside = (posterior * cosine - medial * sine) / (belly.half_height * size)
        distance = along * along + beside * beside
        is_nearer = distance < nearest
        np.minimum(second, np.maximum(distance, nearest), out=second)
        np.minimum(nearest, distance, out=nearest)
        muscle[is_nearer] = 1 + MUSCLE_CODES.index(belly.muscle)
    nearest, second = np.sqrt(nearest), np.sqrt(second)
    return nearest, second - nearest, muscle


def _vessels(across: np.ndarray, back: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Distance from the femoral artery or vein, which go backwards towards the knee, in their radius."""
    artery = _length(across - 0.50 + 0.12 * down, back + 0.16 - 0.4 * down)
    vein = _length(across - 0.42 + 0.12 * down, back + 0.12 - 0.4 * down)
    return np.minimum(artery, vein) / 0.042


def _length(across: np.ndarray, back: np.ndarray) -> np.ndarray:
    """As numpy's hypot, many times as fast: nothing here is too large to square."""
    return np.sqrt(across * across + back * back)
