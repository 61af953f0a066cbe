"""Columns that the import does not know, and what they probably are. Pure: no Django."""

from collections.abc import Collection

from grading.csv.imports.column_names import probable_columns
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.table import Table
from grading.sheets.refusal import Questions


def ask_about_columns(table: Table, known: Collection[str], questions: Questions) -> None:
    """Ask about each unknown column that is probably one which the header lacks: left out, its values would be lost."""
    found = probable_columns(table.unknown, [column for column in known if column not in table.columns])
    for name, meant in found.items():
        message = f"The column {quoted(name)} is probably {meant}, and would be left out under this name."
        questions.add(message, table.sheet.line, name)
        questions.columns[name] = meant
