"""Options that say of a file what it does not say itself."""

import argparse
from typing import Any

from django.core.management.base import CommandParser

from grading.csv.imports import Reading


def add_reading_options(parser: CommandParser, *given: str) -> None:
    """Add the sheet, the columns, and those of our columns that may be said once for the whole file."""
    parser.add_argument("--sheet", default="", metavar="NAME", help="the workbook's sheet; its first one if left out")
    parser.add_argument(
        "--column",
        action="append",
        default=[],
        type=_pair,
        metavar='"THEIRS=OURS"',
        help='which column of the file is which of ours, such as "Age (years)=age_years"; nothing behind the equals '
        "sign leaves it out; may be given several times",
    )
    for name in given:
        parser.add_argument(f"--{name}", default="", help=f"the {name} of every row, where the file does not say it")


def reading_of(options: dict[str, Any], *given: str) -> Reading:
    """Put together what the options say."""
    said = {name: options[name] for name in given if options[name]}
    return Reading(options["sheet"], dict(options["column"]), said)


def _pair(text: str) -> tuple[str, str]:
    theirs, equals, ours = text.rpartition("=")
    if not equals or not theirs.strip():
        raise argparse.ArgumentTypeError(f'{text!r} is not like "Age (years)=age_years"')
    return theirs.strip(), ours.strip().lower()
