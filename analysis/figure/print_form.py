"""How a figure is printed: how wide, with or without what stands below it, with or without single participants."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.stats.question import UnanswerableError

MILLIMETRES = (183, 89)  # two columns of a journal, and one
PRINT_NAMES = ("width", "note", "points")  # what an address may say of it


@dataclass(frozen=True)
class PrintForm:
    """Hold what a printed figure has.

    millimetres: how wide it is.
    has_note: lines below it say what its marks stand for, which question it answers and of which data: of a *clean*
        figure the journal's legend says so.
    has_points: each participant has a point of their own.
    """

    millimetres: int = MILLIMETRES[0]
    has_note: bool = True
    has_points: bool = True

    @property
    def in_name(self) -> str:
        """Say in a file's name how it differs from the usual form."""
        parts = {
            f"-{self.millimetres}mm": self.millimetres != MILLIMETRES[0],
            "-clean": not self.has_note,
            "-no-points": not self.has_points,
        }
        return "".join(part for part, is_said in parts.items() if is_said)


def read_print_form(query: Mapping[str, str]) -> PrintForm:
    """Read ``width=89``, ``note=0`` and ``points=0`` of an address.

    Raises:
        UnanswerableError: for any other value.
    """
    allowed = {"width": {str(each): each for each in MILLIMETRES}, "note": _SWITCH, "points": _SWITCH}
    read = {}
    for name, values in allowed.items():
        asked = query.get(name, next(iter(values)))
        if asked not in values:
            raise UnanswerableError(f"“{asked}” cannot be asked for as {name}: it is one of {', '.join(values)}.")
        read[name] = values[asked]
    return PrintForm(read["width"], bool(read["note"]), bool(read["points"]))


_SWITCH = {"1": 1, "0": 0}
