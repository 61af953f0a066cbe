"""A zip archive of DICOM: its files are read in memory, never written, and never believed about their size."""

import re
import zipfile
import zlib
from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import BinaryIO

from grading.stacks.reading.limits import MAX_FILES
from grading.stacks.refusal import Refused
from grading.zip_directory import TooManyFiles, open_zip

_BEGINNINGS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OUTSIDE = re.compile(r"^(?:[/\\]|[A-Za-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")
_ENCRYPTED = 0x1
_LONGEST_PATH, _DEEPEST = 1_024, 64  # letters and folders: far above what an export writes
_LEAST_HEADER = 30  # bytes before the name of a file, and its contents
_CHUNK = 2**20

_DAMAGED = "The zip archive is damaged or not whole. Pack the files anew, and upload the new archive."
_LONG = "The zip archive has files with very long or deep paths. Pack the exported files anew, in fewer folders."
_LOCKED = "The zip archive is protected by a password. Pack the files without one."
_LEADS_OUT = (
    "The zip archive names files outside of its own folder, which no usual program does. Pack the exported files anew."
)
_OTHER_METHOD = "The zip archive is packed in an unusual way. Pack the files as an ordinary zip archive."
_TOO_MANY = (
    "The zip archive has more than {:,} files, or a list of them that is far longer than files need. Pack the series "
    "that are graded alone."
)
UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError, RuntimeError,
)  # fmt: skip


def is_archive(data: bytes) -> bool:
    return data.startswith(_BEGINNINGS)


def members(file: BinaryIO) -> list[Callable[[int], bytes]]:
    """List the files of an archive, each as a function that unpacks as many bytes of it as are asked for, at most."""
    archive = open_archive(file)
    return [partial(_unpack, archive, info) for info in archive.infolist() if not info.is_dir()]


def open_archive(file: BinaryIO, most: int = MAX_FILES) -> zipfile.ZipFile:
    """Open an archive of at most so many files, and judge its list. Refused where it is not what it should be."""
    try:
        archive = open_zip(file, most)
    except TooManyFiles as error:
        raise Refused(_TOO_MANY.format(most)) from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, EOFError) as error:
        raise Refused(_DAMAGED) from error
    _judge_order(archive.infolist())
    for info in archive.infolist():
        _judge(info)
    return archive


def unpack_into(write: Callable[[bytes], object], archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> None:
    """Unpack a file of an archive piece by piece. Refused where it is damaged, or by whatever ``write`` refuses."""
    try:
        with archive.open(info) as file:
            while chunk := file.read(_CHUNK):
                write(chunk)
    except UNREADABLE as error:
        raise Refused(_DAMAGED) from error


def _judge_order(infos: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive whose files share bytes, by which a small one holds as much as it likes."""
    in_order = sorted(infos, key=lambda info: info.header_offset)
    for info, following in pairwise(in_order):
        if info.header_offset + _LEAST_HEADER + info.compress_size > following.header_offset:
            raise Refused(_DAMAGED)


def _judge(info: zipfile.ZipInfo) -> None:
    if not info.filename:
        raise Refused(_DAMAGED)
    if _OUTSIDE.search(info.orig_filename):
        raise Refused(_LEADS_OUT)
    path = max(info.filename, info.orig_filename, key=len)
    if len(path) > _LONGEST_PATH or path.replace("\\", "/").count("/") > _DEEPEST:
        raise Refused(_LONG)
    if info.flag_bits & _ENCRYPTED:
        raise Refused(_LOCKED)
    if info.compress_type not in _METHODS:
        raise Refused(_OTHER_METHOD)


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    try:
        with archive.open(info) as file:
            return file.read(most)
    except UNREADABLE as error:
        raise Refused(_DAMAGED) from error
