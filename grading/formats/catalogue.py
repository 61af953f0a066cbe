"""The formats in which a study's data leaves the site, beside its CSV. Command, page and address follow."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from grading.csv.exports import LAYOUTS
from grading.csv.lines import CONTENT_TYPE as CSV
from grading.formats import labelled, odm, redcap, reports, streamed_zip
from grading.formats.data_package import data_package
from grading.models import Study

SPSS, STATA = (".sav", "application/x-spss-sav"), (".dta", "application/x-stata-dta")


@dataclass(frozen=True)
class Format:
    """One file: whom it is for, what it is in words, how it is written, and how it is named.

    ``write`` may refuse (ImportRefused) before it gives the first block.
    """

    of: str
    title: str
    write: Callable[[Study], Iterator[str] | Iterator[bytes]]
    name: str
    suffix: str
    content_type: str
    has_trail: bool = False  # and so is of the whole study, whoever asks


def _labelled(
    program: str, write: Callable[[Study, str], Iterator[bytes]], layout: str, kind: tuple[str, str]
) -> Format:
    return Format(program, LAYOUTS[layout].row, lambda study: write(study, layout), f"grades.{layout}", *kind)


# By the name that the command and the address use, the first where the address names none; those of a program together.
FORMATS = {
    "data-package": Format(
        "All of it, with what every column is, and a script for R",
        "data package",
        data_package,
        "data-package",
        ".zip",
        streamed_zip.CONTENT_TYPE,
        has_trail=True,
    ),
    "spss-wide": _labelled("SPSS", labelled.spss, "wide", SPSS),
    "spss-long": _labelled("SPSS", labelled.spss, "long", SPSS),
    "stata-wide": _labelled("Stata", labelled.stata, "wide", STATA),
    "stata-long": _labelled("Stata", labelled.stata, "long", STATA),
    "redcap-dictionary": Format("REDCap", "data dictionary", redcap.dictionary, "redcap.dictionary", ".csv", CSV),
    "redcap-records": Format("REDCap", "reads as records", redcap.records, "redcap.records", ".csv", CSV),
    "odm": Format(
        "CDISC ODM 1.3.2", "grades with audit records and signatures", odm.odm, "odm", ".xml", "application/xml"
    ),
    "reports": Format(
        "DICOM",
        "each signed-off read as a Structured Report, for an archive of images",
        reports.reports,
        "reports",
        ".zip",
        streamed_zip.CONTENT_TYPE,
    ),
}


def in_bytes(blocks: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    """Give a file's blocks as they are stored: text in UTF-8."""
    return (block.encode() if isinstance(block, str) else block for block in blocks)
