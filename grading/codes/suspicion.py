"""Codes that are none: what a spreadsheet made of them, and what names a person. Pure: no Django."""

import re

# Errors as spreadsheets write them in any language: #REF!, #BEZUG!, #¡VALOR!, #NOM?, #N/A, #NV, Err:502
_ERROR = re.compile(r"#¡?[^\W\d_]{2,}[/0-9]*[!?]|#(N/[A-Z]|NV|NB|ND|GETTING_DATA)|Err:[0-9]{3}", re.IGNORECASE)
_HASHES = re.compile("#{2,}")
_SCIENTIFIC = re.compile(
    r"[+-]?[0-9]([.,][0-9]+)?[Ee]\+[0-9]{1,3}|[+-]?[0-9]([.,][0-9]+)?E-[0-9]{2,3}|[+-]?[0-9][.,][0-9]+[Ee]-[0-9]+"
)
_TRUTH = {"true", "false", "wahr", "falsch", "vrai", "faux", "verdadero", "falso", "vero"}
# As spreadsheets abbreviate them in five languages; never in capitals alone, as codes are: MAR-01 is one.
_MONTH = (
    "(?:[Jj]an|[Jj]än|[Ee]ne|[Gg]en|[Ff]e[bv]r?|[Ff]évr?|[Mm]ar[sz]?|[Mm]rz|[Mm]är|[Aa][pv]r|[Mm]a[iyg]|[Jj]u[nl]|[Jj]ui[nl]|[Gg]iu|[Ll]ug"
    "|[Aa]u?g|[Aa]oût|[Aa]go|[Ss]ept?|[Ss]et|[Oo][ck]t|[Oo]tt|[Nn]ov|[Dd][eéi][czs])"
)
_DAY_AND_MONTH = re.compile(  # 1-Jan, 01. Mrz 20, Jan-01
    rf"([0-9]{{1,2}}\.?[- /.]{_MONTH}\.?([- /.]?[0-9]{{2,4}})?|{_MONTH}\.?[- /][0-9]{{1,4}})"
)
_DATE_WITH_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{5,15}")  # a cell that holds a date, written out

_YEAR = "(?:19|20)[0-9]{2}"
_DATE = re.compile(
    rf"(?<![0-9])([0-3]?[0-9]([./-])[0-3]?[0-9]\2{_YEAR}|[0-3]?[0-9]([./])[0-3]?[0-9]\3[0-9]{{2}}"
    rf"|{_YEAR}([./-])[01]?[0-9]\4[0-3]?[0-9])(?![0-9])"
)
_SHORT_DATE = re.compile(r"(?<![0-9])[0-3]?[0-9]-[0-3]?[0-9]-[0-9]{2}(?![0-9])")  # also how sites number participants
_RUN_TOGETHER = re.compile(
    rf"(?<![0-9])({_YEAR}(0[1-9]|1[0-2])([0-2][0-9]|3[01])|([0-2][0-9]|3[01])(0[1-9]|1[0-2]){_YEAR})(?![0-9])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_INITIAL = re.compile(r"[^\W\d_]\.")
_BETWEEN_WORDS = re.compile("[ ,_]+")
_USUAL_WORDS = """
    baseline case control day first follow group left month mr mri new old participant patient post pre right scan
    second site study subject thigh third up visit week year
"""
_NO_NAMES = frozenset(_USUAL_WORDS.split())


def why_mangled(code: str) -> str | None:
    """Say what a spreadsheet did to a code, and what to do; None where a spreadsheet did nothing."""
    if _ERROR.fullmatch(code):
        return "is an error that a spreadsheet wrote in place of the code: put the code back there"
    if _HASHES.fullmatch(code):
        return "is what a spreadsheet shows where a column is too narrow: widen the column and save the file again"
    if code.casefold() in _TRUTH:
        return "is how a spreadsheet writes true or false: put the code back there"
    if _SCIENTIFIC.fullmatch(code):
        return "is a number that a spreadsheet has shortened: format the column as text and write the code again"
    if is_date_of_spreadsheet(code):
        return "is a date that a spreadsheet made of the code: format the column as text and write the code again"
    return None


def is_date_of_spreadsheet(text: str) -> bool:
    """Say whether a text is a day as a spreadsheet writes it out or shortens it, in place of what was typed."""
    return bool(_DAY_AND_MONTH.fullmatch(text) or _DATE_WITH_TIME.fullmatch(text))


def why_personal(code: str) -> str | None:
    """Say why a code seems to tell who somebody is; None where it does not. Codes are pseudonyms, without dates."""
    beside_a_word = _SHORT_DATE.search(code) and _WORD.search(code)
    if _DATE.search(code) or _RUN_TOGETHER.search(code) or beside_a_word:
        return "holds what looks like a date, such as a date of birth"
    return "looks like a person's name" if _is_name(code) else None


def _is_name(code: str) -> bool:
    """Say whether all of a code is words, two or more, one of them perhaps an initial: Schmidt Anna, M. Schmidt."""
    parts = _BETWEEN_WORDS.split(code)
    words = [part for part in parts if part.isalpha()]
    are_all_of_a_name = all(part.isalpha() or _INITIAL.fullmatch(part) for part in parts)
    is_common = any(word.casefold() in _NO_NAMES for word in words)
    return len(parts) > 1 and are_all_of_a_name and not is_common and any(len(word) > 2 for word in words)
