"""A folder of this machine as the storage for scans."""

from typing import Never

from django.core.files.storage import FileSystemStorage


class FolderOfScans(FileSystemStorage):
    """Keeps slices where nobody but the site's own account reads them, and where no address leads."""

    def url(self, name: str | None) -> Never:
        """Refuse: a view judges who sees a slice. ValueError."""
        raise ValueError(f"No address leads to {name}, for it is part of a scan.")
