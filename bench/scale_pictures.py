"""Draws the pictures of the reading aid, in static/grading/scale: python -m bench.scale_pictures

One for each feature and grade: the right thigh's middle slice, in which the vastus lateralis alone has the grade.
"""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grading.demo.phantom import draw
from grading.demo.phantom.drawing import COLUMNS
from grading.scale import EDEMA, FAT, SCORES, USUAL_SEQUENCES

PICTURES = Path(__file__).resolve().parent.parent / "static" / "grading" / "scale"
MUSCLE = "VL"
SEED = 13
SLICES, SHOWN = 5, 2
WHITE = {EDEMA: 640, FAT: 900}  # the brightest value that is told from white
SHADES = 48  # more would show the noise alone, and weigh twice as much


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for name, pixels in pictures():
        (PICTURES / name).write_bytes(png(pixels))


def pictures() -> Iterator[tuple[str, NDArray[np.uint8]]]:
    """Draw each picture: its file's name, and its pixels, rows × columns."""
    for feature in (EDEMA, FAT):
        sequence = USUAL_SEQUENCES[feature][0]
        for grade in SCORES:
            drawn = draw({feature: {MUSCLE: grade}}, sequences=(sequence,), seed=SEED, slices=SLICES)
            thigh = drawn[sequence][SHOWN, :, : COLUMNS // 2] / WHITE[feature]
            shades = np.round(np.clip(thigh, 0, 1) * (SHADES - 1))
            yield f"{feature}-{grade}.png", (shades * (255 // (SHADES - 1))).astype(np.uint8)


def png(pixels: NDArray[np.uint8]) -> bytes:
    """Write rows × columns of grey as a PNG."""
    rows, columns = pixels.shape
    lines = b"".join(b"\0" + line.tobytes() for line in pixels)  # each begins with its filter: none
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


if __name__ == "__main__":
    main()
