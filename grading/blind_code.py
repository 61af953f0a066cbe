"""Blind codes: what names a read to its reader, such as K7PD. Pure: no Django.

PostgreSQL draws them (migration 0024). A letter, a digit and a letter come first, so that no code is a number, a word,
or a date to a spreadsheet; one to nine letters or digits follow. None of them is easily taken for another: of 2 and Z,
6 and G, 8 and B, U and V only one is used, of 0 O Q, 1 I L and 5 S none, nor are the other vowels. None has the code of
a group of its study in it, as C3DM would (migration 0034).
"""

import re

LETTERS = "CDFHJKMNPRTVWXY"
DIGITS = "2346789"
PATTERN = f"^[{LETTERS}][{DIGITS}][{LETTERS}][{LETTERS}{DIGITS}]{{1,9}}$"
MAX_LENGTH = 12


def as_blind_code(text: str) -> str:
    """Write what somebody typed or pasted as codes are written: ``as_blind_code("case k7-pd") == "K7PD"``."""
    return re.sub(r"[\s-]", "", re.sub(r"^\s*case\b", "", text, flags=re.IGNORECASE)).upper()
