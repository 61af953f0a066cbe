"""The formats in which a study's data leaves the site, beside its CSV. Command, page and address follow."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from grading.csv.lines import CONTENT_TYPE as CSV
from grading.formats import labelled, odm, redcap, streamed_zip
from grading.formats.data_package import data_package
from grading.models import Study

SPSS, STATA = "application/x-spss-sav", "application/x-stata-dta"


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
    "spss-wide": Format("SPSS, one row per read", partial(labelled.spss, layout="wide"), "grades.wide", ".sav", SPSS),
    "spss-long": Format("SPSS, one row per grade", partial(labelled.spss, layout="long"), "grades.long", ".sav", SPSS),
    "stata-wide": Format(
        "Stata, one row per read", partial(labelled.stata, layout="wide"), "grades.wide", ".dta", STATA
    ),
    "stata-long": Format(
        "Stata, one row per grade", partial(labelled.stata, layout="long"), "grades.long", ".dta", STATA
    ),
    "redcap-dictionary": Format("REDCap, data dictionary", redcap.dictionary, "redcap.dictionary", ".csv", CSV),
    "redcap-records": Format("REDCap, reads as records", redcap.records, "redcap.records", ".csv", CSV),
    "odm": Format("CDISC ODM 1.3.2, with who entered and signed what", odm.odm, "odm", ".xml", "application/xml"),
}  # fmt: skip


def in_bytes(blocks: Iterable[str] | Iterable[bytes]) -> Iterator[bytes]:
    """Give a file's blocks as they are stored: text in UTF-8."""
    return (block.encode() if isinstance(block, str) else block for block in blocks)
