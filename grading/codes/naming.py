"""Titles that name a diagnosis group, in whatever spelling. Pure: no Django."""

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from grading.codes.skeleton import skeleton

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LONG_CODE = 4  # letters from which on a code inside a word is no chance: imnm is in no word, dm is in admission
_LONG_WORD = 6
# Words of a group's name that tell nothing: other groups share them, and a title may need them
_GENERAL = re.compile(
    "cases|cohort|controls?|diseases?|groups?|immune|inflammatory|mediated|muscles?|myopath(y|ies)|myositis|participants"
    "|patients|reading|study|syndrome|thighs?"
)


class Diagnosis(NamedTuple):
    """A diagnosis: the codes that groups of it carry, and how the words for it begin in several languages."""

    codes: frozenset[str]
    stems: tuple[str, ...]


DIAGNOSES = (
    Diagnosis(frozenset({"imnm", "imnam", "nam"}), ("necro", "nekro")),
    Diagnosis(frozenset({"dm", "jdm", "adm", "cadm"}), ("dermatomyo", "dermatomio")),
    Diagnosis(frozenset({"pm"}), ("polymyo", "polimio")),
    Diagnosis(frozenset({"ibm", "sibm"}), ("inclusionbody", "einschlusskorper", "ainclusions", "cuerposdeinclusion")),
    Diagnosis(frozenset({"asys", "ass", "assd"}), ("antisynthetase", "antisintetasa")),
)


def named_group(title: str, groups: Iterable[tuple[str, str]]) -> str | None:
    """Find the code of the first group that a title for readers names; None where it names none.

    A group is named by its code, by its name and the telling words in it, and by what a well-known code is short for.

    Args:
        groups: code and name of each.
    """
    for code, name in groups:
        words, stems = _words_of(code, name)
        if any(_says(title, word) for word in words) or any(_begins(title, stem) for stem in stems):
            return code
    return None


def _words_of(code: str, name: str) -> tuple[set[str], set[str]]:
    """List what names a group: words, and the beginnings of words."""
    written = _tokens(f"{code} {name}")
    known = [
        diagnosis
        for diagnosis in DIAGNOSES
        if not diagnosis.codes.isdisjoint(written) or any(_begins(name, stem) for stem in diagnosis.stems)
    ]
    telling = {token for token in _tokens(name) if len(token) >= _LONG_WORD and not _GENERAL.fullmatch(token)}
    words = {code, name} | telling | {code for diagnosis in known for code in diagnosis.codes}
    return words, {stem for diagnosis in known for stem in diagnosis.stems}


def _says(title: str, word: str) -> bool:
    """Say whether a title has a word: by itself, spread over words, inside one where it is long, or in capitals."""
    in_capitals = word.isupper() and any(
        re.search(rf"(?<![A-Z]){re.escape(sought)}(?![A-Z])", text)
        for text, sought in zip(_readings(title)[:2], _readings(word)[:2], strict=True)
    )
    is_long = len("".join(_tokens(word))) >= _LONG_CODE
    return in_capitals or any(
        _stands_in(_tokens(text), "".join(_tokens(sought)), is_long)
        for text, sought in zip(_readings(title), _readings(word), strict=True)
    )


def _begins(title: str, stem: str) -> bool:
    """Say whether a stem is in a word of a title, or begins one that is spread over several."""
    for text, sought in zip(_readings(title), _readings(stem), strict=True):
        tokens, beginning = _tokens(text), "".join(_tokens(sought))
        if any(beginning in token for token in tokens):
            return True
        if any("".join(tokens[place:]).startswith(beginning) for place in range(len(tokens))):
            return True
    return False


def _stands_in(tokens: list[str], sought: str, is_long: bool) -> bool:
    """Say whether some words in a row, put together, are what is sought: I M N M is imnm. Or one holds it, if long."""
    if is_long and any(sought in token for token in tokens):
        return True
    runs = (tokens[start:end] for start in range(len(tokens)) for end in range(start + 1, len(tokens) + 1))
    return bool(sought) and any("".join(run) == sought for run in runs)


def _readings(text: str) -> tuple[str, str, str]:
    """Write a text as it stands, and with one letter for all that look alike, as small letters and as capitals."""
    return text, skeleton(text), skeleton(text.upper())


def _tokens(text: str) -> list[str]:
    """List the words and numbers of a text, without capitals and the marks of letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _TOKEN.findall("".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn"))
