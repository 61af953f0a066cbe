"""The files of an upload, one at a time: as they came, or out of zip archives. Their names are not even known here."""

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from grading.stacks.reading.archive import is_archive, members
from grading.stacks.reading.limits import MAX_FILE_BYTES, MAX_FILES, MAX_UNPACKED_BYTES, MB, TOO_LARGE, TOO_MANY
from grading.stacks.reading.span import Span
from grading.stacks.refusal import Refused

_PACKED_OTHERWISE = (b"7z\xbc\xaf\x27\x1c", b"Rar!", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")
_TAR = slice(257, 262)

_OTHERWISE = (
    "The upload is packed by something else than zip. Pack the files as a zip archive, or upload them as they are."
)
_FILE_TOO_LARGE = f"A file of the upload is larger than {MAX_FILE_BYTES // MB} MB. No series of slices needs so much."
_NESTED = "The archive holds another archive. Unpack that one, and upload its files or pack them anew."


@dataclass(frozen=True)
class Piece:
    """One file of the upload; ``read`` brings its bytes, as often as it is asked."""

    read: Callable[[], bytes]


def pieces(descriptor: int, spans: Iterable[tuple[int, int]]) -> list[Piece]:
    """List the files of an upload. Refused for too many of them, and for archives that are not what they should be.

    Args:
        descriptor: of the file that holds all that was uploaded.
        spans: where in it each uploaded file begins, and its length.
    """
    found: list[Piece] = []
    for start, length in spans:
        found += _of_span(Span(descriptor, start, length))
        if len(found) > MAX_FILES:
            raise Refused(TOO_MANY)
    return found


def read_all(found: Iterable[Piece]) -> Iterator[bytes]:
    """Bring the bytes of files, one by one. Refused where they are too large, together or each."""
    left = MAX_UNPACKED_BYTES
    for piece in found:
        data = piece.read()
        left -= len(data)
        if left < 0:
            raise Refused(TOO_LARGE)
        yield data


def _of_span(span: Span) -> Iterable[Piece]:
    beginning = span.read(512) or b""
    if is_archive(beginning):
        return [Piece(_out_of_archive(read)) for read in members(io.BufferedReader(span))]
    if beginning.startswith(_PACKED_OTHERWISE) or beginning[_TAR] == b"ustar":
        raise Refused(_OTHERWISE)

    def read_plain() -> bytes:
        span.seek(0)
        return _within_limit(span.read(MAX_FILE_BYTES + 1))

    return [Piece(read_plain)]


def _out_of_archive(read: Callable[[int], bytes]) -> Callable[[], bytes]:
    def read_member() -> bytes:
        data = _within_limit(read(MAX_FILE_BYTES + 1))
        if is_archive(data):
            raise Refused(_NESTED)
        return data

    return read_member


def _within_limit(data: bytes | None) -> bytes:
    if len(data or b"") > MAX_FILE_BYTES:
        raise Refused(_FILE_TOO_LARGE)
    return data or b""
