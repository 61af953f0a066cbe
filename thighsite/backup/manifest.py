"""What a backup says of itself: of which release it is, what roles it knows, and each file's SHA-256."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from thighsite.backup.errors import BackupError

NAME = "manifest.json"
FORMAT = 1
DATABASE, SCANS = "database.dump", "scans.tar"  # and what an encryption adds
NOT_ONE = "{folder} is not a backup: there is no {name} in it that can be read."
OTHER_FORMAT = "The backup in {folder} is of a later release of the site, which restores it."
CHANGED = "{name} is not what was backed up: its SHA-256 is another than the manifest's. Nothing was restored."
LOST = "{name} is not in {folder}. Nothing was restored."


@dataclass(frozen=True)
class StoredFile:
    """A file of a backup, as it lies there: encrypted if it is."""

    name: str
    bytes: int
    sha256: str

    @classmethod
    def of(cls, path: Path) -> "StoredFile":
        """Read a file, from the disk that it was written to."""
        return cls(path.name, path.stat().st_size, _digest(path))


@dataclass(frozen=True)
class Manifest:
    """``key`` names the SECRET_KEY without telling it; ``other_roles`` have rights in the database, too."""

    made_at: str
    release: str
    postgresql: int
    owner: str
    application_role: str
    other_roles: list[str]
    migrations: list[list[str]]
    key: str
    files: list[StoredFile]

    def write(self, folder: Path) -> None:
        text = json.dumps({"format": FORMAT} | asdict(self), indent=1)
        (folder / NAME).write_text(f"{text}\n")
        (folder / NAME).chmod(0o600)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a backup. BackupError where there is none."""
        try:
            told = json.loads((folder / NAME).read_text())
            if told.pop("format") != FORMAT:
                raise BackupError(OTHER_FORMAT.format(folder=folder))
            return cls(**told | {"files": [StoredFile(**file) for file in told["files"]]})
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupError(NOT_ONE.format(folder=folder, name=NAME)) from error

    def file(self, name: str) -> str | None:
        """Find a file by its name without what an encryption adds; None where the backup has none."""
        return next((each.name for each in self.files if each.name.startswith(name)), None)

    def check_files(self, folder: Path) -> None:
        """Raise BackupError where a file is missing, or another than was written."""
        for file in self.files:
            path = folder / Path(file.name).name
            if not path.is_file():
                raise BackupError(LOST.format(name=file.name, folder=folder))
            if StoredFile.of(path) != file:
                raise BackupError(CHANGED.format(name=file.name))


def backups_in(folder: Path) -> list[Path]:
    """List the whole backups in a folder, the newest first: by the time in their names."""
    return sorted((path.parent for path in folder.glob(f"thighsite-*/{NAME}")), reverse=True)


def stored(folder: Path, names: Iterable[str]) -> list[StoredFile]:
    return [StoredFile.of(folder / name) for name in names]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
