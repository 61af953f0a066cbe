"""Headers that lack columns, or have other names for them. Pure: no Django."""

from collections import Counter
from collections.abc import Sequence

from grading.csv.imports.column_names import probable_columns
from grading.csv.imports.reading import GIVEN, Reading
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.wide import cell_of
from grading.sheets.refusal import ImportLacks, ImportMisnames, Problem, refuse
from grading.sheets.sheet import Sheet
from grading.vocabulary import meant, words_of

_MOST_NAMED = 20
_HOW_GRADES_STAND = " Grades stand in the columns muscle and score, or in one column for each muscle, such as VL."


def check_header(
    sheet: Sheet, columns: Sequence[str], reading: Reading, required: Sequence[str], known: Sequence[str], *,
    are_grades: bool,
) -> None:  # fmt: skip
    """Refuse a header with columns that are twice there, or not at all, perhaps as the file has other names for them.

    Args:
        columns: ours, one for each cell of a row.
        required: those of ours without which nothing can be imported.
        are_grades: whether muscles may be columns, and some columns be said once for all rows.

    Raises:
        ImportLacks: something has to be said once for all rows, or which column is which.
    """
    if twice := [name for name in reading.given if name in columns]:
        raise refuse("The file has this column, so it is not said once for all rows.", sheet.line, twice[0])
    for name in sorted(name for name, count in Counter(columns).items() if name in known and count > 1):
        raise refuse("The column stands in the header more than once.", sheet.line, name)
    missing = [name for name in required if name not in [*columns, *reading.given]]
    probable = _probable(sheet, columns, reading, known, are_grades=are_grades)
    unsaid = [name for name in missing if are_grades and name in GIVEN]
    muscles = {name: ours for name, ours in probable.items() if ours not in known}
    if unsaid != missing or muscles:
        left = [name for name in unsaid if name not in probable.values()]
        words = _of_muscles(muscles) if unsaid == missing else _lacks(sheet, missing)
        raise ImportMisnames(Problem(words, sheet.line), left, probable)
    if missing:
        message = f"The file does not say {_listed([f'the {name}' for name in missing])} of its rows."
        remedy = "Say it once for all of them, or add the column."
        raise ImportLacks(Problem(f"{message} {remedy}", sheet.line), missing, probable)


def _probable(
    sheet: Sheet, columns: Sequence[str], reading: Reading, known: Sequence[str], *, are_grades: bool
) -> dict[str, str]:
    """Find what the columns of the file that are not known probably are."""
    pairs = zip(sheet.names, columns, strict=False)
    unknown = [name for name, ours in pairs if name and ours and ours not in known]
    free = [name for name in known if name not in columns and name not in reading.given]
    is_long = {"muscle", "score"} <= {*columns[: len(sheet.names)]}
    found = probable_columns(unknown, free, with_muscles=are_grades and not is_long)
    taken = {cell for name in sheet.names if (cell := cell_of(name))}
    return {name: ours for name, ours in found.items() if ours in known or cell_of(ours) not in taken}


def _of_muscles(probable: dict[str, str]) -> str:
    named = [quoted(name) for name in probable]
    return f"Columns that are not known are probably of muscles: {_few(named)}."


def _lacks(sheet: Sheet, missing: Sequence[str]) -> str:
    words = f"The header lacks {', '.join(missing)}. It has: {_few([name for name in sheet.names if name])}."
    if {"muscle", "score"} & {*missing}:
        words += _HOW_GRADES_STAND + _of_several_readers(sheet.names)
    return words + (f" The workbook has the sheets {_few(sheet.sheets)}." if len(sheet.sheets) > 1 else "")


def _of_several_readers(names: Sequence[str]) -> str:
    """Say what would be right where columns hold a muscle for each reader, such as VL R1; nothing where none does."""
    more = [name for name in names if len(words_of(name)) > 1 and meant("muscle", words_of(name)[0])]
    if len(more) < 2:
        return ""
    return f" {quoted(more[0])} is more than a muscle: give each reader rows of their own, with a column reader."


def _few(names: Sequence[str]) -> str:
    """List names, but not all of very many."""
    further = len(names) - _MOST_NAMED
    listed = ", ".join(names[:_MOST_NAMED]).removesuffix(".")
    return f"{listed} and {further} more" if further > 0 else listed


def _listed(words: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
