"""Files that are too large for memory: kept in one file without a name, which is gone with the request.

Only a view that takes scans has its files here, and only of somebody who is signed in. All others' stay in memory.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.core.exceptions import TooManyFilesSent
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers, StopUpload
from django.http import HttpRequest

from grading.stacks.refusal import Refused
from grading.stacks.spool import MAX_BYTES_OF_MANY, Spool


def takes_scans(view: Callable) -> Callable:
    """Mark a view, outermost, whose files are spooled: see spooled."""
    view.takes_scans = True  # type: ignore[attr-defined]
    return view


def takes_many_scans(view: Callable) -> Callable:
    """Mark a view as takes_scans does, whose files may be those of many MRIs."""
    view.takes_many_scans = True  # type: ignore[attr-defined]
    return takes_scans(view)


def spooled(request: HttpRequest) -> Spool:
    """Get the files of a request, without their names. Refused where they are more than one upload may be."""
    return _came(request).spool


def spooled_fields(request: HttpRequest) -> list[str]:
    """List the fields of the form in which the spooled files came, in their order."""
    return _came(request).fields


def _came(request: HttpRequest) -> "Came":
    request.FILES.keys()  # which has them read, where nothing has yet
    came = getattr(request, "came", None) or Came()
    if came.refused is not None:
        raise came.refused
    return came


@dataclass
class Came:
    """What came of a request's files: all of them, or why they are refused."""

    spool: Spool = field(default_factory=Spool)
    fields: list[str] = field(default_factory=list)
    refused: Refused | None = None


class SpooledFile(UploadedFile):
    """Stands for one file of a request, which closes it at its end, and with it the spool."""

    def __init__(self, spool: Spool, size: int) -> None:
        super().__init__(BytesIO(), "scan", size=size)
        self.spool = spool

    def close(self) -> None:
        self.spool.close()


class SpooledUploadHandler(FileUploadHandler):
    """Takes the files of a view that takes scans; counts those of any other, and leaves them to the next handler."""

    request: Any
    came: Came | None = None
    number = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        match = self.request.resolver_match
        if match and getattr(match.func, "takes_scans", False) and SESSION_KEY in self.request.session:
            are_many = getattr(match.func, "takes_many_scans", False)
            self.came = self.request.came = Came(Spool(MAX_BYTES_OF_MANY if are_many else None))

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.number += 1
        if self.came:
            raise StopFutureHandlers
        if self.number > settings.FORM_FILES:
            raise TooManyFilesSent

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if not self.came:
            return raw_data
        try:
            self.came.spool.write(raw_data)
        except Refused as refused:
            self.came.refused = refused
            self.came.spool.close()
            raise StopUpload from None
        return None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if not self.came:
            return None
        self.came.spool.end_file()
        self.came.fields.append(str(self.field_name))
        return SpooledFile(self.came.spool, file_size)
