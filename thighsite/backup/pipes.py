"""Files that are written and read through another program, or as they are."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from thighsite.backup.errors import BackupError


@contextmanager
def written(path: Path, through: list[str] | None) -> Iterator[IO[bytes]]:
    """Give a file to write to, through a program if there is one; on the disk when the block has ended.

    Raises:
        BackupError: the program failed.
    """
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        if through is None:
            yield file
        else:
            with _running(through, stdin=subprocess.PIPE, stdout=file) as process:
                yield process.stdin
                process.stdin.close()
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def read(path: Path, through: list[str] | None) -> Iterator[IO[bytes]]:
    """Give what is in a file, through a program if there is one. BackupError if it failed."""
    with path.open("rb") as file:
        if through is None:
            yield file
            return
        with _running(through, stdin=file, stdout=subprocess.PIPE) as process:
            yield process.stdout
            process.stdout.read()  # to its end, or the program would call that an error


def run(command: list[str], environment: dict[str, str], **streams: Any) -> None:
    """Run a program. BackupError, with what it said, if it failed."""
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, **streams)
    _check(command, done.returncode, done.stderr)


@contextmanager
def _running(command: list[str], **streams: Any) -> Iterator[Any]:
    with subprocess.Popen(command, **streams, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None  # nosec B101
        try:
            yield process
        except (BrokenPipeError, BackupError) as error:  # whoever wrote or read found it gone: it says why
            for stream in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):
                    if stream:
                        stream.close()
            _check(command, process.wait(), process.stderr.read())
            raise BackupError(str(error)) from error
        said = process.stderr.read()
        _check(command, process.wait(), said)


def _check(command: list[str], code: int, said: bytes) -> None:
    if code:
        words = said.decode(errors="replace").strip()
        raise BackupError(f"{Path(command[0]).name} failed: {words or f'it ended with {code}'}")
