"""Where an upload waits to be read: one file without a name, which is gone with the process that holds it."""

import io
import tempfile
import weakref
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from grading.stacks.reading.limits import MAX_FILES, TOO_MANY
from grading.stacks.reading.span import Span
from grading.stacks.refusal import Refused

MB = 2**20
MAX_BYTES = 1024 * MB

MAX_BYTES_OF_MANY = 4096 * MB  # of an archive of many MRIs, each of which is read by itself

_TOO_LARGE = "The upload is larger than {:,} MB. Upload fewer series at a time: those that are graded."


class Spool:
    """Holds uploaded files one behind the other, without their names. Refused for more than it takes."""

    def __init__(self, most: int | None = None) -> None:
        self._most = most or MAX_BYTES
        self._file = tempfile.TemporaryFile()  # noqa: SIM115, closed below
        weakref.finalize(self, self._file.close)  # of a request that broke off, too
        self._start = 0
        self.spans: list[tuple[int, int]] = []

    def add(self, chunks: Iterable[bytes]) -> None:
        """Add one file, piece by piece."""
        for chunk in chunks:
            self.write(chunk)
        self.end_file()

    def write(self, chunk: bytes) -> None:
        """Add the next piece of a file, which end_file ends."""
        if len(self.spans) >= MAX_FILES:
            raise Refused(TOO_MANY)
        self._file.write(chunk)
        if self._file.tell() > self._most:
            raise Refused(_TOO_LARGE.format(self._most // MB))

    def end_file(self) -> None:
        """Note where a file ends that was written piece by piece."""
        self._file.flush()
        self.spans.append((self._start, self._file.tell() - self._start))
        self._start = self._file.tell()

    def file(self, number: int) -> io.BufferedReader:
        """Open one of the files for reading, as long as the spool is."""
        return io.BufferedReader(Span(self.fileno(), *self.spans[number]))

    def fileno(self) -> int:
        return self._file.fileno()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
