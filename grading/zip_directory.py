"""Opens zip archives that strangers made: the list of their files may be no longer than so many files need. Pure.

Python's zipfile takes that list into memory whole, as long as the archive says that it is, and makes an object of each
entry. Both are held here to what was read, not to what the archive says: the records at its end can lie, and there are
two kinds of them (zip and zip64).
"""

import zipfile
from typing import Any, BinaryIO

BYTES_OF_ENTRY = 512  # of one file in the list, on average: 46, a path, and what programs add
_OF_END = 256 * 2**10  # bytes of the records at the end, with the longest comment
_IN_DIRECTORY = b"PK\x01\x02"  # before each file in the list of them


class TooManyFiles(Exception):
    """The archive lists more files than it may, or says more of them than files need."""


def open_zip(file: BinaryIO, most: int) -> zipfile.ZipFile:
    """Open an archive of at most so many files. TooManyFiles before its list is taken into memory, else as zipfile."""
    opening: Any = _Opening(file, most)
    archive = zipfile.ZipFile(opening)
    opening.is_open = True
    return archive


class _Opening:
    """A file that gives no more than a list of files can need, until the archive in it is open."""

    def __init__(self, file: BinaryIO, most: int):
        self._file, self._most, self._bytes = file, most, most * BYTES_OF_ENTRY + _OF_END
        self.is_open = False

    def read(self, size: int = -1) -> bytes:
        if self.is_open:
            return self._file.read(size)
        if size > self._bytes:
            raise TooManyFiles
        data = self._file.read(size if size >= 0 else min(_OF_END, self._bytes))  # to the end: the records there
        self._bytes -= len(data)
        if data.count(_IN_DIRECTORY) > self._most:  # of one piece: the end of the list may be read twice
            raise TooManyFiles
        return data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)
