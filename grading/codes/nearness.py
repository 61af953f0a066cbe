"""Words that differ by a slip of typing. Pure: no Django."""

import re
import unicodedata
from collections.abc import Iterable

_LEAST_LENGTH = 4  # DM and PM are two diagnoses
_LONG = 8


def distance(word: str, other: str) -> int:
    """Count the letters to add, drop, change or swap with their neighbour, to make one word of another.

    The optimal string alignment distance: O(n m) steps.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(word, 1):
        earlier, before, row = before, row, [i]
        for j, its in enumerate(other, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and its == word[i - 2]:
                steps = min(steps, earlier[j - 2] + 1)
            row.append(steps)
    return row[-1]


def are_near(word: str, other: str) -> bool:
    """Say whether one of two words may be a slip for the other: IMMN and IMNM, but not arm1 and arm2, nor DM and PM."""
    if word == other or min(len(word), len(other)) < _LEAST_LENGTH:
        return False
    slips = 2 if min(len(word), len(other)) >= _LONG else 1
    folded, its = word.casefold(), other.casefold()
    if abs(len(folded) - len(its)) > slips or _differ_in_digits(word, other):  # a word may be a cell of 100,000 letters
        return False
    return distance(folded, its) <= slips


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Find the known word that was probably meant; None where none is near."""
    near = [(distance(word.casefold(), other.casefold()), other) for other in known if are_near(word, other)]
    return min(near)[1] if near else None


def letters_and_digits(text: str) -> str:
    """Leave out of a text what is neither letter nor digit, capitals and the marks of letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if character.isalnum())


def _differ_in_digits(word: str, other: str) -> bool:
    return re.sub("[0-9]+", "0", word) == re.sub("[0-9]+", "0", other)
