"""A script that reads the tables of a data package into R: columns with their types, codes with their words."""

import json
from collections.abc import Iterable, Iterator

from grading.csv.columns import Column
from grading.formats.tables import TABLES, Table
from grading.models import Study

_TYPES = {
    "text": "character",
    "whole number": "integer",
    "number": "numeric",
    "true or false": "logical",
    "time": "time",
}
_BEGIN = """# Reads the tables beside this file into data frames, with R alone:
#     source("read.R", chdir = TRUE, encoding = "UTF-8")
# Times are POSIXct in UTC. Codes are factors in the words of the codebook; scores are ordered. An apostrophe that keeps
# a spreadsheet from running a cell as a formula is taken off.

from_csv <- function(file, types, missing = list()) {
  table <- read.csv(file, colClasses = "character", na.strings = "", check.names = FALSE, fileEncoding = "UTF-8")
  for (name in names(types)) {
    values <- table[[name]]
    values[values %in% missing[[name]]] <- NA
    table[[name]] <- switch(types[[name]],
      integer = as.integer(values), numeric = as.numeric(values), logical = values == "true",
      time = as.POSIXct(sub("Z$", "", values), format = "%Y-%m-%dT%H:%M:%OS", tz = "UTC"),
      sub("(*UCP)^'(?='*\\\\s*[=+@＝＋－＠-])", "", values, perl = TRUE))
  }
  table
}
labelled <- function(values, codes, words, ordered = FALSE) factor(values, codes, words, ordered = ordered)
"""


def r_script(study: Study) -> str:
    """Write the script for a study's data package."""
    return "\n".join([_BEGIN, *(line for table in TABLES for line in _lines(table, table.columns(study)))]) + "\n"


def _lines(table: Table, columns: tuple[Column, ...]) -> Iterator[str]:
    name = table.name.replace("-", "_")
    types = _named((column.name, _TYPES[column.type]) for column in columns)
    missing = ", ".join(f"{_quoted(column.name)} = {_quoted(column.missing)}" for column in columns if column.missing)
    yield f"# {table.row}"
    yield f"{name} <- from_csv({_quoted(f'{table.name}.csv')}, {types}, list({missing}))"
    for column in columns:
        if column.labels:
            codes, words = (_vector(pair[which] for pair in column.labels) for which in (0, 1))
            place = f"{name}[[{_quoted(column.name)}]]"
            yield f"{place} <- labelled({place}, {codes}, {words}, ordered = {_is_ordered(column)})"
    yield ""


def _is_ordered(column: Column) -> str:
    return "TRUE" if column.type == "whole number" else "FALSE"


def _named(pairs: Iterable[tuple[str, str]]) -> str:
    return f"c({', '.join(f'{_quoted(name)} = {_quoted(value)}' for name, value in pairs)})"


def _vector(values: Iterable[str]) -> str:
    return f"c({', '.join(map(_quoted, values))})"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
