"""A ZIP that is the same, byte for byte, whenever it is made of the same files."""

from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

CHECKSUMS = "checksums.sha256"
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a ZIP can hold
_UNIX, _ORDINARY_FILE = 3, 0o100644 << 16


def zipped(files: Mapping[str, str], folder: str) -> bytes:
    """Put the files in one folder, in their order, with their checksums last (`sha256sum -c checksums.sha256`)."""
    contents = {name: text.encode() for name, text in files.items()}
    contents[CHECKSUMS] = "".join(
        f"{sha256(content).hexdigest()}  {name}\n" for name, content in contents.items()
    ).encode()
    archive = BytesIO()
    with ZipFile(archive, "w") as zip_file:
        for name, content in contents.items():
            zip_file.writestr(_entry(f"{folder}/{name}"), content)
    return archive.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, date_time=_EARLIEST)
    entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, _UNIX, _ORDINARY_FILE
    return entry
