"""A folder of this machine as the storage for scans."""

import os
import shutil
from pathlib import Path
from typing import Never

from django.core.files.storage import FileSystemStorage

LEAST_BYTES = 100_000_000  # of the disk, below which no MRI fits any more


class FolderOfScans(FileSystemStorage):
    """Keeps slices where nobody but the site's own account reads them, and where no address leads."""

    def url(self, name: str | None) -> Never:
        """Refuse: a view judges who sees a slice. ValueError."""
        raise ValueError(f"No address leads to {name}, for it is part of a scan.")

    def trouble(self) -> str:
        """Say what is wrong with the folder, or with the nearest above it while nothing is stored; else nothing."""
        folder = Path(self.location)
        while not folder.exists():
            folder = folder.parent
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            return "The folder for scans cannot be written to."
        return "The disk of the folder for scans is full." if shutil.disk_usage(folder).free < LEAST_BYTES else ""
