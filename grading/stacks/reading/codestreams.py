"""What compressed pixels say of themselves: decoders go by that, whatever the header of their file says."""

import struct
from dataclasses import dataclass

from grading.stacks.reading.frame import Frame
from grading.stacks.reading.syntaxes import JPEG_2000, JPEG_LS, WITH_PACKETS
from grading.stacks.reading.tile_parts import judge_tile_parts
from grading.stacks.refusal import Refused

_JPEG_2000_BEGINS, _JPEG_2000_SIZE = b"\xff\x4f\xff\x51", struct.Struct(">8x4I18xB")  # the marker, then Xsiz to Ssiz
_JPEG_LS_BEGINS, _JPEG_LS_SIZE, _SEGMENT = b"\xff\xf7", struct.Struct(">BHH"), struct.Struct(">2sH")
_SIGNED = 0x80

OTHER_PIXELS = (
    "Compressed images of the upload have another size or other values than their files say. Export the series again, "
    "uncompressed (Explicit VR Little Endian)."
)


@dataclass(frozen=True)
class Said:
    """Size and values of one compressed image, as it says itself."""

    rows: int
    columns: int
    bits: int
    signed: bool


def judge_stream(stream: bytes, frame: Frame) -> None:
    """Hold a compressed image to what its file says of it. Refused where it would be shown wrongly.

    Fewer bits are no fault, nor are values below zero that were compressed as they are stored, without a sign.
    """
    said = _said(stream, frame.pixels.syntax)
    if said is None:
        return
    sides = (said.rows, said.columns) == (frame.grid.rows, frame.grid.columns)
    if not sides or said.bits > frame.format.allocated or (said.signed and not frame.format.signed):
        raise Refused(OTHER_PIXELS)
    if frame.pixels.syntax in WITH_PACKETS:
        judge_tile_parts(stream)


def _said(stream: bytes, syntax: str) -> Said | None:
    """Read what a compressed image says; None for RLE, which says nothing. struct.error where it is cut off."""
    if syntax in JPEG_2000:
        right, bottom, left, top, depth = _JPEG_2000_SIZE.unpack_from(stream, stream.find(_JPEG_2000_BEGINS))
        return Said(bottom - top, right - left, (depth & ~_SIGNED) + 1, bool(depth & _SIGNED))
    if syntax in JPEG_LS:
        bits, rows, columns = _JPEG_LS_SIZE.unpack_from(stream, _frame_header(stream))
        return Said(rows, columns, bits, False)
    return None


def _frame_header(stream: bytes) -> int:
    """Find where in a JPEG-LS image its size stands, behind the segments before."""
    at = 2
    while True:
        marker, length = _SEGMENT.unpack_from(stream, at)
        if marker == _JPEG_LS_BEGINS:
            return at + _SEGMENT.size
        at += 2 + length
