"""Which columns of ours those of a file with other names probably are. Pure: no Django."""

from collections.abc import Collection, Iterable

from grading.codes.nearness import letters_and_digits, nearest
from grading.csv.imports.wide import probable_cell

# A word in a header → the column that it is probably about
_WORDS = {
    "age": "age_years",
    "alter": "age_years",
    "antibody": "autoantibody",
    "antibodies": "autoantibody",
    "autoantibodies": "autoantibody",
    "befunder": "reader",
    "ck": "ck_u_per_l",
    "cohort": "group",
    "cpk": "ck_u_per_l",
    "creatine": "ck_u_per_l",
    "days": "days_since_first_mri",
    "diagnose": "group",
    "diagnosis": "group",
    "duration": "disease_duration_months",
    "dx": "group",
    "exam": "mri",
    "examination": "mri",
    "gender": "sex",
    "geschlecht": "sex",
    "gruppe": "group",
    "irm": "mri",
    "mrt": "mri",
    "observer": "reader",
    "patient": "participant",
    "patients": "participant",
    "proband": "participant",
    "radiologist": "reader",
    "rater": "reader",
    "scan": "mri",
    "subject": "participant",
    "untersucher": "reader",
    "untersuchung": "mri",
}
_WEAK = {"id": "participant", "code": "participant", "pseudonym": "participant"}  # only where no other word tells


def probable_columns(names: Iterable[str], free: Collection[str], *, with_muscles: bool = False) -> dict[str, str]:
    """Find for names of a file's columns which of the free ones of ours they probably are, each once at most.

    Args:
        free: columns of ours that the file does not name.
        with_muscles: whether a column may hold the grades of a muscle.
    """
    found: dict[str, str] = {}
    left, names = list(free), list(names)
    for look in (_spelled, _by_word, _near, _weakly):
        for name in names:
            if name not in found and (meant := look(name, left)):
                found[name] = meant
                left.remove(meant)
    for name in names if with_muscles else ():
        if name not in found and (cell := probable_cell(name)) and cell not in found.values():
            found[name] = cell
    return found


def _spelled(name: str, free: list[str]) -> str | None:
    return {letters_and_digits(column): column for column in free}.get(letters_and_digits(name))


def _by_word(name: str, free: list[str]) -> str | None:
    words = _words(name)
    return next((meant for word in words if (meant := _WORDS.get(word, word)) in free), None)


def _near(name: str, free: list[str]) -> str | None:
    spelled = {letters_and_digits(column): column for column in free}
    near = nearest(letters_and_digits(name), spelled)
    return spelled[near] if near else None


def _weakly(name: str, free: list[str]) -> str | None:
    return next((meant for word in _words(name) if (meant := _WEAK.get(word)) in free), None)


def _words(name: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in name.casefold()).split()
