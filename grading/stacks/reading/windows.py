"""Windows: centre and width of the values that are shown between black and white."""

import math

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from grading.stacks.reading.frame import PixelFormat
from grading.stacks.reading.values import pairs, words

Window = tuple[float, float]
_MOST = 8  # of presets
_DARKEST, _BRIGHTEST = 1.0, 99.5  # percentiles that a computed window shows as black and white
_NARROWEST = 2.0


def windows_of(one: Dataset, pixel_format: PixelFormat) -> tuple[Window, ...]:
    """Read the windows that a file gives, as LINEAR ones (PS3.3 C.11.2.1.2.1), but for those that cannot be."""
    function = (words(one, "VOILUTFunction") or ("LINEAR",))[0]
    if function not in ("LINEAR", "LINEAR_EXACT"):
        return ()
    more = 0.5 if function == "LINEAR_EXACT" else 0.0  # LINEAR shows (c, w) as LINEAR_EXACT shows (c - 0.5, w - 1)
    given = [(centre + more, width + 2 * more) for centre, width in pairs(one, "WindowCenter", "WindowWidth")]
    lowest, highest = sorted(_values(pixel_format))
    usable = [
        (round(centre, 3), round(width, 3))
        for centre, width in given
        if 1 <= width <= 2 * (highest - lowest) + 1 and lowest <= centre <= highest
    ]
    return tuple(dict.fromkeys(usable[:_MOST]))


def window_of_pixels(pixels: NDArray[np.integer], slope: float, intercept: float) -> Window:
    """Compute a window of a stack that comes without one, from some of its stored pixels."""
    if not pixels.size:
        return (0.5, 1.0)
    ends = np.percentile(pixels, (_DARKEST, _BRIGHTEST)) * slope + intercept
    lowest, highest = math.floor(min(ends)), math.ceil(max(ends))
    width = max(_NARROWEST, highest - lowest + 1.0)
    return (lowest + width / 2, width)


def _values(pixel_format: PixelFormat) -> tuple[float, float]:
    """Compute the values of the lowest and of the highest pixel that can be stored."""
    lowest = -(2 ** (pixel_format.stored - 1)) if pixel_format.signed else 0
    stored = lowest, lowest + 2**pixel_format.stored - 1
    first, last = (pixel * pixel_format.slope + pixel_format.intercept for pixel in stored)
    return first, last
