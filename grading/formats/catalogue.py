"""The formats in which a study's data leaves the site, beside its CSV. Command, page and address follow."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from grading.formats import streamed_zip
from grading.formats.data_package import data_package
from grading.models import Study


@dataclass(frozen=True)
class Format:
    """One file: what it is in words, how it is written, and how it is named."""

    title: str
    write: Callable[[Study], Iterator[str] | Iterator[bytes]]
    name: str
    suffix: str
    content_type: str


# By the name that the command and the address use, the first where the address names none.
FORMATS = {
    "data-package": Format(
        "All of it as a data package (Frictionless): every table, what each column is, a script for R",
        data_package, "data-package", ".zip", streamed_zip.CONTENT_TYPE,
    ),
}  # fmt: skip
