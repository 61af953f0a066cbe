"""The words that people use for what may stand in a file, in one table: imports read them, the codebook prints them.

A word is understood in any case, with or without marks on its letters, blanks, hyphens and dots, and its parts in any
order: "BF-SH", "biceps femoris (short head)" and "short head of biceps femoris" are one muscle. A word with a question
mark is a doubt, and none. Pure: no Django.
"""

import re
import unicodedata
from collections.abc import Iterator, Set
from functools import lru_cache

from grading.codes.nearness import letters_and_digits, nearest

# By column: each value as the data have it, and how people write it beside that
WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "muscle": {
        "VL": ("vastus lateralis",),
        "VM": ("vastus medialis",),
        "VI": ("vastus intermedius", "vastus intermedialis"),
        "RF": ("rectus femoris",),
        "BFSH": ("BF-SH", "BF short", "biceps femoris short head", "biceps short head", "biceps femoris caput breve",
                 "biceps femoris SH", "biceps SH"),
        "BFLH": ("BF-LH", "BF long", "biceps femoris long head", "biceps long head", "biceps femoris caput longum",
                 "biceps femoris LH", "biceps LH"),
        "SM": ("semimembranosus",),
        "ST": ("semitendinosus",),
        "ADD": ("adductors", "adductor", "adductor group", "Adduktoren", "adducteurs", "aductores", "adduttori"),
        "GR": ("gracilis",),
        "SA": ("sartorius", "sart"),
    },
    "side": {
        "both": ("bilateral", "beide", "beidseits"),
        "left": ("l", "lt", "links", "li", "gauche", "izquierda", "sinistra"),
        "right": ("r", "rt", "rechts", "re", "droite", "derecha", "destra"),
    },
    "feature": {
        "edema": ("oedema", "oedème", "œdème", "edème", "Ödem", "edema muscular", "muscle edema", "muscle oedema"),
        "fat": ("fatty", "fatty infiltration", "fat infiltration", "fatty replacement", "fatty degeneration", "Fett",
                "Verfettung"),
    },
    "sequence": {
        "STIR": ("TIRM", "T2 TIRM", "T2 STIR", "short tau inversion recovery"),
        "T1W": ("T1", "T1 weighted"),
        "T2FS": ("T2 FS", "T2w FS", "T2 fat sat", "T2w fat sat", "T2 fat saturated", "T2 fat suppressed",
                 "T2 weighted fat suppressed"),
    },
    "sex": {
        "female": ("f", "w", "woman", "weiblich", "Frau", "femme", "féminin", "mujer", "femenino", "femmina"),
        "male": ("m", "man", "männlich", "Mann", "homme", "masculin", "hombre", "masculino", "maschio"),
    },
    "flag": {
        "true": ("1", "-1", "yes", "y", "ja", "j", "oui", "si", "sì", "vrai", "wahr", "verdadero", "vero", "x", "✓"),
        "false": ("0", "no", "n", "nein", "non", "faux", "falsch", "falso"),
    },
    "status": {"assigned": (), "draft": (), "signed_off": ("signed",)},
}  # fmt: skip

# What may stand beside a sequence and says nothing of it: planes, how the signal was read out, and of what
BESIDE_SEQUENCE = ("axial", "ax", "transverse", "transversal", "tra", "coronal", "cor", "koronar", "sagittal", "sag",
                   "TSE", "FSE", "SE", "thigh", "thighs")  # fmt: skip

# How programs write that there is no value, in any case
MISSING = ("NA", "N/A", "#N/A", "#N/V", "#NV", "<NA>", "NaN", "null", "#NULL!", "nil", ".", "-", "–", "—", "?")
# In a wide sheet, of a muscle that was looked at
NOT_ASSESSABLE = ("NA", "N/A", "n.a.", "not assessable", "nicht beurteilbar", "non évaluable")

_LEAST_OF_A_WORD = 3  # letters from which on a word that is cut short is told from others
_FILLERS = {"of", "the", "m", "musculus", "muscle"}
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"([0-9]+)([.,]0*)?")


def key(text: str) -> str:
    """Leave of a text what tells words apart: letters and digits, or all of it where it has none. 1.0 is 1."""
    if number := _NUMBER.fullmatch(text.strip()):
        return number[1]
    return letters_and_digits(text) or text.strip()


@lru_cache(maxsize=2**12)
def meant(column: str, text: str) -> str | None:
    """Find the value of a column that a text is a word for; None where it is none. KeyError for an unknown column."""
    keys = _keys(column)
    return None if "?" in text else keys.get(key(text)) or keys.get(_in_order(column, text))


def meant_by_slip(column: str, text: str) -> str | None:
    """Find the value that a text was probably meant for, with a slip in it; None where none is near."""
    near = nearest(key(text), _keys(column))
    return _keys(column)[near] if near else None


def meant_roughly(column: str, text: str) -> str | None:
    """Find the value that a text stands for in full, cut short (vastus lat.) or with a slip; None for any other."""
    return meant(column, text) or _cut_short(column, words_of(text)) or meant_by_slip(column, text)


def in_rows() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield column, value and the other words for it; at the end those for a missing value and for not assessable."""
    for column, values in WORDS.items():
        yield from ((column, value, others) for value, others in values.items() if others)
    yield "sequence", "any", BESIDE_SEQUENCE
    yield "missing value", "empty", MISSING
    yield "score in a wide sheet", "NA", NOT_ASSESSABLE[1:]


def is_missing(text: str) -> bool:
    """Say whether a cell holds no value: empty, or as programs write that there is none."""
    return not text or text.lower() in _MISSING


def is_not_assessable(text: str) -> bool:
    """Say whether a cell of a wide sheet means that the muscle could not be judged."""
    return text.lower() in _NOT_ASSESSABLE


def words_of(text: str, fillers: Set[str] = _FILLERS) -> list[str]:
    """List the words of a text, without capitals, marks of letters and what only fills."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return [word for word in _WORD.findall(letters) if word not in fillers] or _WORD.findall(letters)


@lru_cache
def _keys(column: str) -> dict[str, str]:
    """Look up what each word of a column means; its parts may stand in the order of the alphabet, too."""
    found: dict[str, str] = {}
    for value, others in WORDS[column].items():
        for word in (value, *others):
            found |= {key(word): value, _in_order(column, word): value}
    return found


def _cut_short(column: str, words: list[str]) -> str | None:
    """Find the one value whose words begin with those of a text, three letters of each or a known short form."""
    found = set()
    for value, others in WORDS[column].items():
        for long in map(words_of, others):
            if len(long) == len(words) and all(map(_begins, long, words)):
                found.add(value)
    return found.pop() if len(found) == 1 else None


def _begins(long: str, short: str) -> bool:
    return long.startswith(short) and (len(short) >= _LEAST_OF_A_WORD or long == short)


def _in_order(column: str, text: str) -> str:
    fillers = _FILLERS if column == "muscle" else _FILLERS - {"m"}  # elsewhere m is a word: "m/f" is not "f"
    fillers = fillers | _BESIDE_SEQUENCE if column == "sequence" else fillers
    return "".join(sorted(words_of(text, fillers))) or key(text)


_BESIDE_SEQUENCE = {word.lower() for word in BESIDE_SEQUENCE}
_MISSING = {word.lower() for word in MISSING}
_NOT_ASSESSABLE = {word.lower() for word in NOT_ASSESSABLE}
