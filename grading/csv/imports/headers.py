"""Columns that the import does not know, and what they probably are. Pure: no Django."""

from collections.abc import Collection

from grading.codes.nearness import letters_and_digits, nearest
from grading.csv.imports.row_parser import quoted
from grading.csv.imports.table import Table
from grading.sheets.refusal import Questions

# A word in a header → the column that it is probably about
_WORDS = {
    "age": "age_years",
    "alter": "age_years",
    "antibody": "autoantibody",
    "antibodies": "autoantibody",
    "autoantibodies": "autoantibody",
    "ck": "ck_u_per_l",
    "cpk": "ck_u_per_l",
    "creatine": "ck_u_per_l",
    "days": "days_since_first_mri",
    "diagnosis": "group",
    "duration": "disease_duration_months",
    "gender": "sex",
}


def ask_about_columns(table: Table, known: Collection[str], questions: Questions) -> None:
    """Ask about each unknown column that is probably one which the header lacks: left out, its values would be lost."""
    for name in table.unknown:
        meant = _meant(name, [column for column in known if column not in table.columns])
        if meant:
            message = f"The column {quoted(name)} is probably {meant}, and would be left out. Rename it."
            questions.add(message, table.sheet.line, name)
            questions.columns[name] = meant


def _meant(name: str, known: list[str]) -> str | None:
    spelled = {letters_and_digits(column): column for column in known}
    written = letters_and_digits(name)
    words = "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split()
    by_word = [_WORDS[word] for word in words if _WORDS.get(word) in known]
    near = nearest(written, spelled)
    return spelled.get(written) or (by_word[0] if by_word else None) or (spelled[near] if near else None)
