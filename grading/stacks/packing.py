"""How a slice is stored and sent: its low bytes, then its high bytes, gzipped.

Apart, low and high bytes are a fifth smaller than side by side: neighbouring pixels differ in the low ones alone.
"""

import gzip

import numpy as np
from numpy.typing import NDArray

from grading.stacks.manifest import Manifest

_LEVEL = 6


def pack(pixels: NDArray[np.integer]) -> bytes:
    """Pack a slice: rows × columns of integers of 8 or 16 bits. Equal pixels are packed into equal bytes."""
    little_endian = np.ascontiguousarray(pixels, dtype=pixels.dtype.newbyteorder("<"))
    planes = little_endian.view(np.uint8).reshape(-1, little_endian.itemsize).T
    return gzip.compress(planes.tobytes(), _LEVEL, mtime=0)


def unpack(packed: bytes, manifest: Manifest) -> NDArray[np.integer]:
    """Unpack a slice of a stack to rows × columns. ValueError where it has not as many bytes as it should."""
    plain = gzip.decompress(packed)
    if len(plain) != manifest.bytes_of_slice:
        raise ValueError(f"A slice has {len(plain)} bytes in place of {manifest.bytes_of_slice}")
    size = manifest.bits // 8
    planes = np.frombuffer(plain, np.uint8).reshape(size, -1)
    pixels = np.ascontiguousarray(planes.T).view(f"<{'i' if manifest.signed else 'u'}{size}")
    return pixels.reshape(manifest.rows, manifest.columns)
