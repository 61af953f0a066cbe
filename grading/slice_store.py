"""Where the packed slices of stacks lie: behind Django's storage named "scans", which no address leads to.

Each slice is a file of its own, ``<stack>/<number>.gz``. Nothing in these names tells a participant, an MRI or a
sequence.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

from grading.stacks.manifest import digest

ALIAS = "scans"
_SLICE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/\d{4,}\.gz")


class SliceMissing(Exception):
    """A slice of a stack is not where it was stored."""

    def __init__(self, number: int) -> None:
        super().__init__(f"slice {number} is missing")
        self.number = number


def write_slices(stack: UUID, slices: Iterable[bytes]) -> str:
    """Store the packed slices of a stack, in their order. The SHA-256 over all of them, one after the other."""
    return digest(_stored(stack, slices))


def read_slice(stack: UUID, number: int) -> bytes:
    """Fetch one packed slice. SliceMissing where there is none."""
    try:
        with _storage().open(_name(stack, number)) as file:
            return file.read()
    except FileNotFoundError:
        raise SliceMissing(number) from None


def digest_of(stack: UUID, slices: int) -> str:
    """Compute the SHA-256 over the packed slices of a stack as they lie there now. SliceMissing where one does not."""
    return digest(read_slice(stack, number) for number in range(slices))


def delete_slices(stack: UUID) -> None:
    """Delete whatever lies there of a stack. Nothing where nothing does."""
    storage = _storage()
    for name in _files_of(stack):
        storage.delete(name)
    with suppress(OSError, NotImplementedError):  # an empty folder, where the storage has folders
        storage.delete(str(stack))


def stored_stacks() -> Iterator[tuple[UUID, datetime]]:
    """List the stacks of which something lies there, with when the first of it was stored."""
    for folder in _listed("")[0]:
        with suppress(ValueError, FileNotFoundError):
            stack = UUID(folder)
            if files := _files_of(stack):
                yield stack, _storage().get_modified_time(files[0])


def stored_names() -> Iterator[str]:
    """List every slice that lies there, of whichever stack, by its name."""
    for stack, _ in stored_stacks():
        yield from _files_of(stack)


def content_of(name: str) -> bytes | None:
    """Fetch a slice by its name; None where it was deleted meanwhile."""
    try:
        with _storage().open(name) as file:
            return file.read()
    except FileNotFoundError:
        return None


def is_name_of_a_slice(name: str) -> bool:
    """Tell a slice's name from any other, such as one that leads out of the storage."""
    return _SLICE.fullmatch(name) is not None


def put_back(name: str, packed: bytes) -> None:
    """Store a slice under the name that it had."""
    _save(name, packed)


def _stored(stack: UUID, slices: Iterable[bytes]) -> Iterator[bytes]:
    for number, packed in enumerate(slices):
        _save(_name(stack, number), packed)
        yield packed


def _save(name: str, packed: bytes) -> None:
    if (stored := _storage().save(name, ContentFile(packed))) != name:
        raise RuntimeError(f"The storage for scans keeps {stored} in place of {name}.")


def _files_of(stack: UUID) -> list[str]:
    return [f"{stack}/{name}" for name in sorted(_listed(str(stack))[1])]


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """List folders and files in a folder; none where it is not there."""
    try:
        return _storage().listdir(folder)
    except FileNotFoundError:
        return [], []


def _storage() -> Storage:
    return storages[ALIAS]


def _name(stack: UUID, number: int) -> str:
    return f"{stack}/{number:04}.gz"
