"""Smooth random fields: the grain of tissue, and what bends it."""

import numpy as np


def smooth_noise(random: np.random.Generator, shape: tuple[int, ...], widths: tuple[float, ...]) -> np.ndarray:
    """Draw a field of mean 0 and variance 1 that a Gaussian has smoothed.

    Args:
        random: What draws it.
        shape: Of the field.
        widths: Standard deviation of the Gaussian along each axis, in voxels.

    Returns:
        float32, of that shape; its opposite edges meet, for it is smoothed in Fourier space.
    """
    spectrum = np.fft.rfftn(random.standard_normal(shape, dtype=np.float32))
    for axis, width in enumerate(widths):
        is_last = axis == len(shape) - 1
        cycles = (np.fft.rfftfreq if is_last else np.fft.fftfreq)(shape[axis])
        along = [-1 if other == axis else 1 for other in range(len(shape))]
        spectrum *= np.exp(-2 * (np.pi * cycles * width) ** 2).reshape(along)
    field = np.fft.irfftn(spectrum, s=shape, axes=range(len(shape))).astype(np.float32)
    return (field - field.mean()) / field.std()
