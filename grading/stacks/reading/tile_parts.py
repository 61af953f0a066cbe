"""The tiles of a JPEG 2000 image, as far as damage shows in them: its decoder says nothing of what it passes over.

A codestream (ISO/IEC 15444-1, annex A) is a main header, then tile-parts, each with its length, then a mark of its end.
"""

import re
import struct
from collections import Counter

from grading.stacks.refusal import Refused

_SEGMENT = struct.Struct(">2sH")  # a marker, and the length of what follows it
_SIZE = struct.Struct(">8x8I")  # Xsiz to YTOsiz: of the image, of a tile, and where each begins
_PART = struct.Struct(">4xHIBB")  # Isot to TNsot: its tile, its length, its number, of how many where that is said
_BEGINS, _PART_BEGINS, _DATA_BEGINS, _END = b"\xff\x4f\xff\x51", b"\xff\x90", b"\xff\x93", b"\xff\xd9"
_MARKER = 2  # bytes
# Packets hold no marker but those of their own beginning, which is counted, and of their header's end.
_PACKET_BEGINS = re.compile(rb"\xff\x91\x00\x04..", re.DOTALL)
_NO_PACKET = re.compile(rb"\xff[\x90\x91\x93-\xff]")

DAMAGED_IMAGE = (
    "A compressed image of the upload is damaged: parts are missing, or cannot be. Copy or export the series again."
)


def judge_tile_parts(stream: bytes) -> None:
    """Walk through a codestream to its end. Refused where a part is missing, or holds what none can hold."""
    begin = stream.index(_BEGINS)
    at = _behind(stream, begin + _MARKER, _PART_BEGINS)
    found: Counter[int] = Counter()
    said: dict[int, int] = {}
    while stream.startswith(_PART_BEGINS, at):
        tile, length, number, count = _PART.unpack_from(stream, at)
        end = at + length if length else stream.rfind(_END)  # the last part may leave its length out
        if number != found[tile] or not _can_be(stream, at, end):
            raise Refused(DAMAGED_IMAGE)
        found[tile] += 1
        said[tile] = max(count, said.get(tile, 1))
        at = end
    if not stream.startswith(_END, at) or len(found) != _tiles(stream, begin) or any(found[t] < said[t] for t in said):
        raise Refused(DAMAGED_IMAGE)


def _can_be(stream: bytes, at: int, end: int) -> bool:
    """Say whether what stands behind the header of a tile-part can be packets."""
    begin = _behind(stream, at, _DATA_BEGINS) + _MARKER
    return begin <= end and not _NO_PACKET.search(_PACKET_BEGINS.sub(b"", stream[begin:end]))


def _tiles(stream: bytes, begin: int) -> int:
    right, bottom, _, _, width, height, left, top = _SIZE.unpack_from(stream, begin)
    return -(-(right - left) // width) * -(-(bottom - top) // height)


def _behind(stream: bytes, at: int, wanted: bytes) -> int:
    """Pass over the segments of a header to a marker that stands behind them. Refused where they break off."""
    while not stream.startswith(wanted, at):
        marker, length = _SEGMENT.unpack_from(stream, at)
        if not marker.startswith(b"\xff") or length < _MARKER:
            raise Refused(DAMAGED_IMAGE)
        at += _MARKER + length
    return at
