"""Grades as SPSS and Stata files: numbers with labels, missing values that say why, and what every column means.

pyreadstat makes a file of a whole table at once, so these are held in memory while they are made, unlike all others.
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from grading.csv.columns import Column
from grading.csv.exports import LAYOUTS
from grading.formats.rows import grade_rows
from grading.models import Study

BLOCK = 2**16  # bytes
NOT_ASSESSABLE = "not assessable"
SPSS_MISSING, STATA_MISSING = 9.0, "n"  # a value that is declared missing; .n
# What later ones read, too. The form for 15 is for Stata/MP alone, and of one with a long comment R's haven finds none.
STATA_VERSION = 14
SPSS_WHOLE = "F8.0"  # how a number is shown; else 1.00 for the grade 1
_FLAGS = (("false", "no"), ("true", "yes"))


@dataclass(frozen=True)
class _Table:
    """A table as both programs take it.

    missing: the columns of what somebody may have been unable to judge.
    whole: those of whole numbers, codes among them.
    """

    values: dict[str, list[Any]]
    meanings: list[str | None]
    labels: dict[str, dict[Any, str]]
    missing: list[str]
    whole: list[str]


def spss(study: Study, layout: str) -> Iterator[bytes]:
    """Write the grades in a layout as a .sav file."""
    return _written(study, _table(study, layout, SPSS_MISSING), _write_spss)


def stata(study: Study, layout: str) -> Iterator[bytes]:
    """Write the grades in a layout as a .dta file, of Stata 14 or later."""
    return _written(study, _table(study, layout, STATA_MISSING), _write_stata)


def _written(study: Study, table: _Table, write: Callable[[str, str, _Table], None]) -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "table")
        write(str(path), study.title, table)
        with path.open("rb") as file:
            yield from iter(partial(file.read, BLOCK), b"")


def _write_spss(path: str, title: str, table: _Table) -> None:
    import pandas as pd  # both: no command waits for them but one that needs them
    import pyreadstat

    pyreadstat.write_sav(
        pd.DataFrame(table.values),
        path,
        file_label=title[:64],
        column_labels=table.meanings,
        variable_value_labels=table.labels,
        missing_ranges={name: [SPSS_MISSING] for name in table.missing},
        variable_format=dict.fromkeys(table.whole, SPSS_WHOLE),
        row_compress=True,
    )


def _write_stata(path: str, title: str, table: _Table) -> None:
    import pandas as pd
    import pyreadstat

    frame = pd.DataFrame({name: _as_stata(name, values, table) for name, values in table.values.items()})
    pyreadstat.write_dta(
        frame,
        path,
        file_label=title[:80],
        column_labels=[(meaning or "")[:80] for meaning in table.meanings],
        variable_value_labels=table.labels,
        missing_user_values={name: [STATA_MISSING] for name in table.missing},
        version=STATA_VERSION,
    )


def _as_stata(name: str, values: list[Any], table: _Table) -> Any:
    """Keep numbers and the letter of a missing value side by side."""
    import pandas as pd

    return pd.Series(values, dtype=object) if name in table.missing else values


def _table(study: Study, layout: str, missing: Any) -> _Table:
    columns = [_with_groups(study, column) for column in LAYOUTS[layout].columns(study)]
    rows = [tuple(row.values()) for row in grade_rows(study, layout)]
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    labels = {column.name: _labels(column, missing) for column in columns if _coded(column)}
    return _Table(
        {column.name: _values(column, texts, missing) for column, texts in zip(columns, cells, strict=True)},
        [_meaning(column) for column in columns],
        labels,
        [column.name for column in columns if column.missing],
        [column.name for column in columns if _coded(column) or column.type == "whole number"],
    )


def _meaning(column: Column) -> str:
    """Give a column's meaning with its unit, unless that names it already, as that of a grade does."""
    return column.meaning if column.unit in column.meaning else f"{column.meaning}, {column.unit}"


def _with_groups(study: Study, column: Column) -> Column:
    """Give the groups their names, the reference first, which no column knows by itself."""
    if column.name != "group":
        return column
    groups = tuple(study.groups.order_by("-is_reference", "code").values_list("code", "name"))
    return Column(column.name, column.type, column.unit, column.allowed, column.meaning, groups)


def _coded(column: Column) -> dict[str, float]:
    """Give a column's values their numbers: scores their own, flags 0 and 1, words from 1 in the order they have."""
    if column.type == "true or false":
        return {value: float(number) for number, (value, _) in enumerate(_FLAGS)}
    if column.type == "whole number":
        return {value: float(value) for value, _ in column.labels}
    return {value: float(number) for number, (value, _) in enumerate(column.labels, start=1)}


def _labels(column: Column, missing: Any) -> dict[Any, str]:
    words = dict(_FLAGS if column.type == "true or false" else column.labels)
    labels: dict[Any, str] = {number: words[value] for value, number in _coded(column).items()}
    return labels | {missing: NOT_ASSESSABLE} if column.missing else labels


def _values(column: Column, texts: Sequence[str], missing: Any) -> Any:
    import pandas as pd

    if codes := _coded(column):
        known: dict[str, Any] = {**codes, "": None} | ({column.missing: missing} if column.missing else {})
        return [known[text] for text in texts]
    if column.type == "time":
        return pd.to_datetime(pd.Series(texts, dtype=object).str.removesuffix("Z"), format="ISO8601")
    if column.type == "text":
        return list(texts)
    return [float(text) if text else None for text in texts]
