"""The link beside a case to its scan in the archive that the study names, as its reader may follow it: values alone."""

from dataclasses import dataclass

from grading.archive_link import ID, filled, origin_of
from grading.models import MRI, Read


@dataclass(frozen=True)
class ArchivedScan:
    """Where the archive shows a case's scan, and whether a page of this site shows the archive within it."""

    address: str
    origin: str
    is_framed: bool

    @classmethod
    def of(cls, read: Read) -> "ArchivedScan | None":
        """Write the address for a read; None where the study has no link, or the link needs an id that is not known."""
        template = read.study.archive_link
        if not template:
            return None
        id = ""
        if ID in template:
            id = MRI.objects.values_list("archive_id", flat=True).get(pk=read.mri_id)
            if not id:
                return None
        address = filled(template, code=read.code, id=id)
        return cls(address, origin_of(template), read.study.archive_in_frame)
