"""A ZIP that is sent while it is made: nothing of it is held, however long its files are. Pure: no Django."""

import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import RawIOBase

CONTENT_TYPE = "application/zip"


@dataclass(frozen=True)
class Written:
    """How long a file in the ZIP became, and its SHA-256."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class File:
    """A file of the ZIP: ``blocks`` is called when its turn comes, with what the files before it became."""

    name: str
    blocks: Callable[[dict[str, Written]], Iterable[str] | Iterable[bytes]]


def zipped(files: Iterable[File]) -> Iterator[bytes]:
    """Make the ZIP of files in their order, as pieces to send."""
    out, written = _Pieces(), dict[str, Written]()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            size, digest = 0, sha256()
            with archive.open(file.name, "w", force_zip64=True) as entry:
                for piece in file.blocks(written):
                    block = piece.encode() if isinstance(piece, str) else piece
                    size += len(block)
                    digest.update(block)
                    entry.write(block)
                    yield from out.taken()
            written[file.name] = Written(size, digest.hexdigest())
    yield from out.taken()


class _Pieces(RawIOBase):
    """A file that cannot be sought in, as a response is: what is written waits to be taken."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self._waiting.append(piece)
        return len(piece)

    def taken(self) -> list[bytes]:
        waiting, self._waiting = self._waiting, []
        return [b"".join(waiting)] if waiting else []
