"""Titles that name a diagnosis group, in whatever spelling. Pure: no Django."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from grading.codes.diagnoses import DIAGNOSES, Diagnosis
from grading.codes.skeleton import skeleton

_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_LONG_CODE = 4  # letters from which on a code inside a word is no chance: imnm is in no word, dm is in admission
_LONG_WORD = 6
_LONGEST = 120  # letters of words that are put together: a group's name has up to 100
# Words of a group's name that tell nothing: other groups share them, and a title may need them
_GENERAL = re.compile(
    "cases|cohort|controls?|diseases?|groups?|immune|inflammatory|mediated|muscles?|myopath(y|ies)|myositis|participants"
    "|patients|reading|study|syndrome|thighs?"
)


def named_group(title: str, groups: Iterable[tuple[str, str]]) -> str | None:
    """Find the code of the first group that a title for readers names; None where it names none.

    A group is named by its code, by its name and the telling words in it, and, of a diagnosis that is known, by every
    usual word for it.

    Args:
        groups: code and name of each.
    """
    said = _Said(title)
    for code, name in groups:
        words, stems = _words_of(code, name)
        if any(said.has(word) for word in words) or any(said.has_beginning(stem) for stem in stems):
            return code
    return None


def _words_of(code: str, name: str) -> tuple[set[str], set[str]]:
    """List what names a group: words, and the beginnings of words."""
    known = {diagnosis for text in {code, name} for diagnosis in _diagnoses_in(text)}
    telling = {token for token in _tokens(name) if len(token) >= _LONG_WORD and not _GENERAL.fullmatch(token)}
    words = {code, name} | telling | {word for diagnosis in known for word in diagnosis.words}
    return words, {stem for diagnosis in known for stem in diagnosis.stems}


def _diagnoses_in(text: str) -> list[Diagnosis]:
    said = _Said(text)
    return [
        diagnosis
        for diagnosis in DIAGNOSES
        if any(map(said.has, diagnosis.words)) or any(map(said.has_beginning, diagnosis.stems))
    ]


class _Said:
    """A text in each way in which it may be read, cut into words once: many words are sought in it."""

    def __init__(self, text: str):
        self._readings = _readings(text)
        self._tokens = [_tokens(reading) for reading in self._readings]
        self._runs = [_runs(tokens) for tokens in self._tokens]

    def has(self, word: str) -> bool:
        """Say whether a word stands by itself, spread over several, inside one if it is long, or in capitals."""
        if word.isupper() and self._has_in_capitals(word):
            return True
        for reading, tokens, runs in zip(_readings(word), self._tokens, self._runs, strict=True):
            sought = "".join(_tokens(reading))
            if sought and (sought in runs or (len(sought) >= _LONG_CODE and any(sought in token for token in tokens))):
                return True
        return False

    def has_beginning(self, stem: str) -> bool:
        """Say whether a stem is in a word, or begins one that is spread over several."""
        for reading, tokens, runs in zip(_readings(stem), self._tokens, self._runs, strict=True):
            sought = "".join(_tokens(reading))
            if any(sought in token for token in tokens) or any(run.startswith(sought) for run in runs):
                return True
        return False

    def _has_in_capitals(self, word: str) -> bool:
        """Look for capitals with none beside them, as in DMstudy. Of look-alikes, l stands for I: no end of a word."""
        beside = ("[A-Z]", "[A-Zl]")
        return any(
            re.search(f"(?<!{capital}){re.escape(sought)}(?!{capital})", text)
            for capital, text, sought in zip(beside, self._readings, _readings(word), strict=False)
        )


def _runs(tokens: list[str]) -> set[str]:
    """Put words in a row together, in every way that gives no more than about _LONGEST letters."""
    runs = set()
    for start in range(len(tokens)):
        run = ""
        for token in tokens[start:]:
            run += token
            runs.add(run)
            if len(run) > _LONGEST:
                break
    return runs


@lru_cache(maxsize=2**10)
def _readings(text: str) -> tuple[str, str, str]:
    """Write a text as it stands, and with one letter for all that look alike, as small letters and as capitals."""
    return text, skeleton(text), skeleton(text.upper())


def _tokens(text: str) -> list[str]:
    """List the words and numbers of a text, without capitals and the marks of letters."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return _TOKEN.findall("".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn"))
