"""Has an upload of DICOM read by a process of its own, which is ended when it takes too long or too much.

What a file does to a decoder, it does there: here arrive numbers, packed slices and sentences.
"""

import json
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, BinaryIO, Self

from grading.stacks.manifest import Manifest
from grading.stacks.reading.limits import SECONDS_TO_KILL, TOO_BUSY, TOO_LONG, was_ended_for_time
from grading.stacks.refusal import Refused
from grading.stacks.spool import Spool

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parent.parent.parent
_COMMAND = [sys.executable, "-m", "grading.stacks.reading"]
_CHUNK = 2**20
_LONGEST_ANSWER = 16 * 2**20

_ENDED = (
    "Reading the upload ended too early. If another DICOM program shows its images, export the series uncompressed "
    "(Explicit VR Little Endian), and try again."
)


@dataclass(frozen=True)
class ReadStack:
    """One stack of an upload, as it was read."""

    manifest: Manifest
    suggested_sequence: str | None
    suggested_because: str
    notes: tuple[str, ...]  # what a coordinator should know before they approve it
    _file: int
    _where: tuple[tuple[int, int], ...]

    def slice(self, number: int) -> bytes:
        """Fetch a packed slice by its number from 0."""
        start, length = self._where[number]
        return os.pread(self._file, length, start)

    def slices(self) -> Iterator[bytes]:
        """Fetch the packed slices in their order."""
        return (self.slice(number) for number in range(self.manifest.slices))


@dataclass(frozen=True)
class LeftOutCount:
    """How many files or images of an upload were not taken, and why."""

    count: int
    reason: str


class ReadUpload:
    """What was read of an upload: stacks and what was left out. Slices can be fetched until it is closed."""

    def __init__(self, answer: dict[str, Any], output: IO[bytes]):
        self._output = output
        self.stacks: Sequence[ReadStack] = [_stack(stack, output.fileno()) for stack in answer["stacks"]]
        self.left_out: Sequence[LeftOutCount] = [LeftOutCount(**counted) for counted in answer["left_out"]]

    def close(self) -> None:
        self._output.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _stack(stack: dict[str, Any], file: int) -> ReadStack:
    return ReadStack(
        manifest=Manifest.from_json(stack["manifest"]),
        suggested_sequence=stack["suggested_sequence"],
        suggested_because=stack["suggested_because"],
        notes=tuple(stack["notes"]),
        _file=file,
        _where=tuple((start, length) for start, length in stack["where"]),
    )


def read(files: Iterable[BinaryIO]) -> ReadUpload:
    """Read the files of one upload: zip archives or DICOM, open for reading. Refused with a coordinator's sentence."""
    with Spool() as spool:
        for file in files:
            spool.add(iter(lambda file=file: file.read(_CHUNK), b""))  # type: ignore[misc]
        return read_spool(spool)


def read_spool(spool: Spool) -> ReadUpload:
    """Read an upload that waits in a spool. Refused with a coordinator's sentence."""
    output = tempfile.TemporaryFile()  # noqa: SIM115, closed by whoever has read the slices
    try:
        return ReadUpload(_answer(spool, output), output)
    except BaseException:
        output.close()
        raise


def _answer(spool: Spool, output: IO[bytes]) -> dict[str, Any]:
    with tempfile.TemporaryFile() as written:
        ended = _run(spool, output, written)
        written.seek(0)
        try:
            answer = json.loads(written.read(_LONGEST_ANSWER))
        except ValueError:
            answer = {"refused": TOO_LONG} if was_ended_for_time(ended) else {"failed": f"ended by {ended}"}
    if "refused" in answer:
        raise Refused(answer["refused"])
    if "failed" in answer:
        logger.error("DICOM could not be read: %s", answer["failed"])
        raise Refused(_ENDED)
    return answer


def _run(spool: Spool, output: IO[bytes], answer: IO[bytes]) -> int:
    """Run the reading, and wait until it has ended. Its errors are not even looked at: they may quote a header."""
    descriptors = (spool.fileno(), output.fileno())
    command = [*_COMMAND, *map(str, descriptors)]
    try:
        return subprocess.run(
            command,
            input=json.dumps(spool.spans).encode(),
            stdout=answer,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            cwd=_ROOT,
            env=_environment(),
            timeout=SECONDS_TO_KILL,
            start_new_session=True,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired as error:
        raise Refused(TOO_BUSY) from error


def _environment() -> dict[str, str]:
    """Keep all secrets of the site from the reading; one thread, for each more takes memory of the limit."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR", "VIRTUAL_ENV") if name in os.environ}
    return kept | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
