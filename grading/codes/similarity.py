"""Codes that are easily taken for one another, as 007 and 7 or TM201 and tm-201 are. Pure: no Django."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from grading.codes.skeleton import skeleton

_LEADING_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")

# A blank, an underscore, the minus sign, and Unicode's category Pd: hyphens and dashes
_GAP = re.compile(
    "[ _\\-\u2212\u058a\u05be\u1400\u1806\u2010-\u2015\u2e17\u2e1a\u2e3a\u2e3b\u2e40\u2e5d\u301c\u3030\u30a0"
    "\ufe31\ufe32\ufe58\ufe63\uff0d\U00010ead]"
)


class Similar(NamedTuple):
    """A new code, and the one that it is easily taken for."""

    code: str
    other: str


def keys(code: str) -> frozenset[str]:
    """Write a code in each way in which it may be read: codes are similar when they have a key in common.

    Without capitals, marks, blanks, hyphens and leading zeros, wide and raised letters as plain ones; and also with one
    letter for all that look alike. Capitals look like others than small letters do, so look-alikes are sought among
    both.
    """
    plain = unicodedata.normalize("NFKC", code)
    written = {unicodedata.normalize("NFC", code), plain, "".join(map(_digit, plain)), _unmarked(plain)}
    spellings = written | {_LEADING_ZEROS.sub("", spelling) for spelling in written}
    alike = {skeleton(case) for spelling in spellings for case in (spelling, spelling.upper())}
    return frozenset(_squeezed(spelling) for spelling in spellings | alike)


def are_similar(code: str, other: str) -> bool:
    return code != other and not keys(code).isdisjoint(keys(other))


def looks(code: str) -> frozenset[str]:
    """Write a code in each way in which it may look: as ``keys``, but only capitals and look-alike letters count."""
    return frozenset(skeleton(case).casefold() for case in (code, code.upper()))


class CodeIndex:
    """Codes by their keys, so that one that shares a key is found among many."""

    def __init__(self, keys_of: Callable[[str], Iterable[str]], codes: Iterable[str] = ()):
        self._keys_of = keys_of
        self._first: dict[str, str] = {}
        for code in codes:
            self.add(code)

    def add(self, code: str) -> None:
        for key in self._keys_of(code):
            self._first.setdefault(key, code)

    def other(self, code: str) -> str | None:
        """Find the first code that shares a key with this one and is not equal to it."""
        found = (self._first.get(key, code) for key in sorted(self._keys_of(code)))
        return next((other for other in found if other != code), None)


def similar_codes(new: Iterable[str], known: Iterable[str] = ()) -> list[Similar]:
    """Pair each new code with the first that it is similar to, of the known ones and then of the new ones before it.

    Known codes that are similar to one another are no pair: somebody has been asked about them.
    """
    index = CodeIndex(keys, known)
    pairs = []
    for code in dict.fromkeys(new):
        if other := index.other(code):
            pairs.append(Similar(code, other))
        index.add(code)
    return pairs


def unlike_letters(code: str, other: str) -> list[str]:
    """List the letters of a code that another has not and that are none of English, with name and code point."""
    letters = [letter for letter in dict.fromkeys(code) if not letter.isascii() and letter not in other]
    return [f"{unicodedata.name(letter, 'a letter')} (U+{ord(letter):04X})" for letter in letters]


def _digit(character: str) -> str:
    """Write a digit of any script as 0 to 9; other characters stay."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character


def _unmarked(text: str) -> str:
    """Write letters without the marks above and below them: a mark is easily lost, and easily overlooked."""
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _squeezed(text: str) -> str:
    return _GAP.sub("", text.casefold())
