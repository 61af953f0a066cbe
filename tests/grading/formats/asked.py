"""A study's file in a format, as its coordinator gets it."""

from grading.formats.catalogue import FORMATS, in_bytes
from grading.models import Study


def exported(study: Study, name: str) -> bytes:
    return b"".join(in_bytes(FORMATS[name].write(study)))
