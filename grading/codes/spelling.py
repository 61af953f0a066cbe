"""What may stand in a code: text in NFC in which everything can be seen. Pure: no Django."""

import re
import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"}  # Unicode's categories; the plain blank alone is seen
# Letters and marks that Unicode gives no shape: fillers, joiners, variation selectors (Default_Ignorable_Code_Point)
_SHAPELESS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_BLANK_LIKE = {"Zs", "Zl", "Zp"}
_NAMELESS = {
    "Cc": "a control character",
    "Cs": "half a character",
    "Co": "a character of private use",
    "Cn": "a character that Unicode does not know",
}
_CONTROLS = {"\t": "a tab"} | dict.fromkeys("\n\r\v\f\x85", "a line break")
_MAX_NAMED = 3


def composed(text: str) -> str:
    """Write a text in NFC, so that letters with marks are spelled in one way only."""
    return unicodedata.normalize("NFC", text)


def is_unseen(character: str) -> bool:
    """Say whether a character cannot be seen, or is a blank other than the plain one."""
    unseen = unicodedata.category(character) in _UNSEEN and character != " "
    return unseen or bool(_SHAPELESS.match(character))


def unseen_in(text: str) -> list[str]:
    """List in words what cannot be seen in a text in NFC, each with its code point and place, counted from 1."""
    found = [
        f"{_named(character)} (U+{ord(character):04X}, place {place})"
        for place, character in enumerate(text, 1)
        if is_unseen(character)
    ]
    found += [f"two blanks in a row (place {match.start() + 1})" for match in re.finditer("  +", text)]
    found += ["a blank at its beginning"] if text.startswith(" ") else []
    found += ["a blank at its end"] if text.endswith(" ") else []
    return found


def seen(text: str) -> str:
    """Write a text with only what can be seen, in NFC: what was probably meant."""
    shown = "".join(_shown(character) for character in text)
    return composed(re.sub(" +", " ", shown).strip(" "))


def why_unseen(text: str) -> str | None:
    """Say what cannot be seen in a text in NFC, and what would be right; None where all can be seen."""
    if not (found := unseen_in(text)):
        return None
    further = len(found) - _MAX_NAMED
    listed = ", ".join(found[:_MAX_NAMED]) + (f" and {further} more" if further > 0 else "")
    meant = seen(text)
    return f"holds {listed}; write {meant}" if meant else f"holds {listed}, and nothing else"


def _named(character: str) -> str:
    kind = unicodedata.category(character)
    return _CONTROLS.get(character) or unicodedata.name(character, "") or _NAMELESS.get(kind, "a character")


def _shown(character: str) -> str:
    """Write a character that can be seen; a plain blank for what stands for one, nothing for the others."""
    if not is_unseen(character):
        return character
    return " " if character in _CONTROLS or unicodedata.category(character) in _BLANK_LIKE else ""
