"""Where an upload waits to be read: one file without a name, which is gone with the process that holds it."""

import tempfile
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
        self.spans: list[tuple[int, int]] = []

    def add(self, chunks: Iterable[bytes]) -> None:
        """Add one file, piece by piece."""
        start = self._file.tell()
        for chunk in chunks:
            self._file.write(chunk)
            if self._file.tell() > MAX_BYTES:
                raise Refused(_TOO_LARGE)
        self._file.flush()
        self.spans.append((start, self._file.tell() - start))

    def fileno(self) -> int:
        return self._file.fileno()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
