"""A part of a file as a file of its own."""

import io
import os
from typing import Any


class Span(io.RawIOBase):
    """A part of a file that is open under a descriptor, as a file of its own."""

    def __init__(self, descriptor: int, start: int, length: int):
        self._descriptor, self._start, self._length = descriptor, start, length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence])
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        wanted = max(0, min(len(buffer), self._length - self._at))
        read = os.pread(self._descriptor, wanted, self._start + self._at)
        buffer[: len(read)] = read
        self._at += len(read)
        return len(read)
