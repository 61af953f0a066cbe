"""The pixels of images: decoded, and of each only the bits that are its own."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.encaps import generate_frames
from pydicom.pixels import get_decoder

from grading.stacks.reading.codestreams import judge_stream
from grading.stacks.reading.frame import Frame, PixelFormat
from grading.stacks.reading.header import DAMAGED
from grading.stacks.reading.limits import TookTooLong
from grading.stacks.reading.syntaxes import NATIVE
from grading.stacks.refusal import Refused

Pixels = NDArray[np.integer]
_BIG_ENDIAN = NATIVE[-1]
_LENGTH_AND_VR = 8  # bytes before the pixels: what kind of value they are, two of nothing, how many


def pixels_of(data: bytes, frames: Sequence[Frame]) -> Iterator[tuple[Frame, Pixels]]:
    """Decode images of one file, in the file's order: rows × columns of 8 or 16 bits. Refused for damaged ones."""
    wanted = {frame.number: frame for frame in frames}
    first = frames[0]
    try:
        decoding = _compressed(data, first, max(wanted)) if first.pixels.encapsulated else _native(data, wanted)
        for number, decoded in decoding:
            if frame := wanted.pop(number, None):
                yield frame, own_bits(decoded.reshape(frame.grid.rows, frame.grid.columns), frame.format)
    except (MemoryError, TookTooLong, GeneratorExit, KeyboardInterrupt, Refused):
        raise
    except BaseException as error:  # decoders raise of many kinds; those in Rust panic, which is no mere Exception
        raise Refused(DAMAGED) from error
    if wanted:
        raise Refused(DAMAGED)


def own_bits(decoded: Pixels, pixel_format: PixelFormat) -> Pixels:
    """Take the stored bits of pixels: those above and below may hold an overlay, whose text would come along."""
    unsigned = np.dtype(f"u{pixel_format.allocated // 8}")
    above = pixel_format.allocated - 1 - pixel_format.high_bit
    shifted = decoded.astype(unsigned) << unsigned.type(above)  # what stands above falls off
    values = shifted.view(f"i{unsigned.itemsize}") if pixel_format.signed else shifted
    return values >> values.dtype.type(pixel_format.allocated - pixel_format.stored)  # keeps the sign


def _native(data: bytes, wanted: dict[int, Frame]) -> Iterator[tuple[int, Pixels]]:
    first = next(iter(wanted.values()))
    start = first.pixels.start
    if _are_swapped(data, first):
        data, start = _in_their_order(data[start:]), 0
    for number, frame in sorted(wanted.items()):
        size, count = frame.format.allocated // 8, frame.grid.rows * frame.grid.columns
        dtype = f"{'>' if frame.pixels.syntax == _BIG_ENDIAN else '<'}u{size}"
        yield number, np.frombuffer(data, dtype, count, start + number * count * size)


def _are_swapped(data: bytes, frame: Frame) -> bool:
    """Say whether pixels of 8 bits stand in words of 16 (OW), of which big endian files have the second one first."""
    is_words = data[frame.pixels.start - _LENGTH_AND_VR : frame.pixels.start].startswith(b"OW")
    return frame.pixels.syntax == _BIG_ENDIAN and frame.format.allocated == 8 and is_words


def _in_their_order(words: bytes) -> bytes:
    return np.frombuffer(words, "<u2", len(words) // 2).byteswap().tobytes()


def _compressed(data: bytes, frame: Frame, last: int) -> Iterator[tuple[int, Pixels]]:
    fragments = data[frame.pixels.start :]
    images = get_decoder(frame.pixels.syntax).iter_array(
        fragments, raw=True, correct_unused_bits=False, **_options(frame)
    )
    for number, stream in enumerate(generate_frames(fragments, number_of_frames=frame.pixels.count)):
        judge_stream(stream, frame)
        yield number, next(images)[0]
        if number == last:
            return


def _options(frame: Frame) -> dict[str, Any]:
    return {
        "bits_allocated": frame.format.allocated,
        "bits_stored": frame.format.stored,
        "columns": frame.grid.columns,
        "number_of_frames": frame.pixels.count,
        "photometric_interpretation": "MONOCHROME2",  # MONOCHROME1 is decoded alike
        "pixel_keyword": "PixelData",
        "pixel_representation": int(frame.format.signed),
        "rows": frame.grid.rows,
        "samples_per_pixel": 1,
    }
