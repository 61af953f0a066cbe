"""Codes that are none: what a spreadsheet made of them, and what names a person. Pure: no Django."""

import re

_ERROR = re.compile(r"#(N/A|NAME\?|NULL!|NUM!|REF!|VALUE!|DIV/0!|SPILL!|CALC!|BUSY!|GETTING_DATA)", re.IGNORECASE)
_HASHES = re.compile("#{3,}")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E[+-][0-9]{2,3}")
# As spreadsheets abbreviate them in five languages; never in capitals alone, as codes are: MAR-01 is one.
_MONTH = (
    "(?:[Jj]an|[Ff]e[bv]r?|[Ff]évr?|[Mm]ar[sz]?|[Mm]rz|[Mm]är|[Aa][pv]r|[Mm]a[iyg]|[Jj]u[nl]|[Jj]ui[nl]|[Gg]iu|[Ll]ug"
    "|[Aa]u?g|[Aa]oût|[Aa]go|[Ss]ept?|[Ss]et|[Oo][ck]t|[Oo]tt|[Nn]ov|[Dd][eéi][czs])"
)
_DAY_AND_MONTH = re.compile(  # 1-Jan, 01. Mrz 20, Jan-01
    rf"([0-9]{{1,2}}\.?[- /.]{_MONTH}\.?([- /.]?[0-9]{{2,4}})?|{_MONTH}\.?[- /][0-9]{{1,4}})"
)

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
_NAME = re.compile(r"[^\W\d_]{2,}, ?[^\W\d_]{2,}|[A-Z][a-zà-ÿ]{2,} [A-Z][a-zà-ÿ]{2,}")


def why_mangled(code: str) -> str | None:
    """Say what a spreadsheet did to a code, and what to do; None where a spreadsheet did nothing."""
    if _ERROR.fullmatch(code):
        return "is an error that a spreadsheet wrote in place of the code: put the code back there"
    if _HASHES.fullmatch(code):
        return "is what a spreadsheet shows where a column is too narrow: widen the column and save the file again"
    if _SCIENTIFIC.fullmatch(code):
        return "is a number that a spreadsheet has shortened: format the column as text and write the code again"
    if _DAY_AND_MONTH.fullmatch(code):
        return "is a date that a spreadsheet made of the code: format the column as text and write the code again"
    return None


def why_personal(code: str) -> str | None:
    """Say why a code seems to tell who somebody is; None where it does not. Codes are pseudonyms, without dates."""
    beside_a_word = _RUN_TOGETHER.search(code) or _SHORT_DATE.search(code)
    if _DATE.search(code) or (beside_a_word and _WORD.search(code)):
        return "holds what looks like a date, such as a date of birth"
    return "looks like a person's name" if _NAME.fullmatch(code) else None
