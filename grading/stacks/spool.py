"""Where an upload waits to be read: one file without a name, which is gone with the process that holds it."""

import tempfile
import weakref
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from grading.stacks.refusal import Refused

MB = 2**20
MAX_BYTES = 1024 * MB

_TOO_LARGE = f"The upload is larger than {MAX_BYTES // MB:,} MB. Upload fewer series at a time: those that are graded."


class Spool:
    """Holds uploaded files one behind the other, without their names. Refused for more than it takes."""

    def __init__(self) -> None:
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
        self._file.write(chunk)
        if self._file.tell() > MAX_BYTES:
            raise Refused(_TOO_LARGE)

    def end_file(self) -> None:
        """Note where a file ends that was written piece by piece."""
        self._file.flush()
        self.spans.append((self._start, self._file.tell() - self._start))
        self._start = self._file.tell()

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
