"""The slices of scans as one tar file, from and into whichever storage the site has."""

import io
import tarfile
from typing import IO

from grading import slice_store
from thighsite.backup.errors import BackupError

OTHERS = (
    "The storage for scans already has slices that are not in the backup. Name an empty folder (SCANS_DIR), or an "
    "empty bucket or prefix: the site would delete what belongs to no stack of the restored database."
)
NOT_A_SLICE = "{name} in the backup's scans is no slice. Nothing of it was stored."


def write_scans(file: IO[bytes]) -> int:
    """Write every slice that lies in the storage; return how many. What is deleted meanwhile is left out."""
    number = 0
    with tarfile.open(fileobj=file, mode="w|") as archive:
        for name in slice_store.stored_names():
            if (content := slice_store.content_of(name)) is None:
                continue
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(content), 0o600
            archive.addfile(entry, io.BytesIO(content))
            number += 1
    return number


def check_storage_is_empty() -> None:
    """Raise BackupError where any slice lies in the storage."""
    if next(slice_store.stored_names(), None) is not None:
        raise BackupError(OTHERS)


def read_scans(file: IO[bytes]) -> int:
    """Store every slice of a tar file; return how many. BackupError for what is none."""
    number = 0
    with tarfile.open(fileobj=file, mode="r|") as archive:
        for entry in archive:
            content = archive.extractfile(entry)
            if content is None or not slice_store.is_name_of_a_slice(entry.name):
                raise BackupError(NOT_A_SLICE.format(name=entry.name))
            slice_store.put_back(entry.name, content.read())
            number += 1
    return number
