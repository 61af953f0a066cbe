"""Codes that a text mentions, in whatever spelling. Pure: no Django."""

import re
from collections.abc import Iterable

from grading.codes.similarity import keys

_WORD = re.compile(r"\w+")
_LONGEST = 60  # characters of words that are put together: a code has up to 40
_SHORTEST_SPREAD = 3  # characters of a code that is spread over words: "a 1" is no mention of A1


def runs(text: str) -> set[str]:
    """List the words of a text, and words in a row put together: a code may be written with a blank or a hyphen."""
    words, found = _WORD.findall(text), set(_WORD.findall(text))
    for start, run in enumerate(words):
        for word in words[start + 1 :]:
            run += word
            if len(run) > _LONGEST:
                break
            found |= {run} if len(run) >= _SHORTEST_SPREAD else set()
    return found


def mentioned(text: str, codes: Iterable[str]) -> str | None:
    """Find the first of codes that a text mentions: ``mentioned("see p014", ["P-014"]) == "P-014"``.

    A number alone is mentioned only as it is written: 3 is a grade more often than participant 003.
    """
    said = {key for run in runs(text) for key in keys(run)}
    return next((code for code in codes if not said.isdisjoint(_keys(code))), None)


def is_telling(code: str) -> bool:
    """Say whether a code is hardly a word or a number by chance: it has both letters and digits."""
    return bool(re.search(r"\d", code) and re.search(r"[^\W\d_]", code))


def _keys(code: str) -> frozenset[str]:
    written = "".join(_WORD.findall(code))
    return frozenset({written}) if written.isdecimal() else keys(written) - {""}
