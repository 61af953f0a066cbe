"""Wide sheets: a column per muscle, or per muscle and side, in place of a row per grade. Pure: no Django."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from grading.anatomy import TOGETHER
from grading.sheets.refusal import refuse
from grading.sheets.sheet import Rows, column_letters
from grading.vocabulary import is_missing, is_not_assessable, meant, meant_roughly, words_of

_SAID_BESIDE = ("side", "feature", "sequence")
_FILLERS = {"score", "grade", "grading", "rating", "value"}
_MOST_WORDS = 10
_ONE_READER = (
    "Leave one out; or, if they are of several readers, give each reader rows of their own, with a column reader."
)


class CellOfHeader(NamedTuple):
    """What the name of a column says of the grades in it; empty is what it does not say."""

    muscle: str
    side: str = TOGETHER[0]
    feature: str = ""
    sequence: str = ""


@lru_cache(maxsize=2**10)
def cell_of(name: str) -> CellOfHeader | None:
    """Find what grades a column holds: VL_left, "L VL", "vastus lateralis (right)", "VL edema"; None for any other."""
    words = tuple(word for word in words_of(name) if word not in _FILLERS)
    found = next(_readings(words, _SAID_BESIDE), None) if len(words) <= _MOST_WORDS else None
    return CellOfHeader(**found) if found else None


def probable_cell(name: str) -> str | None:
    """Find the name that a column of grades should have had: "VL left" for "Vastus lat. (left)"; None for any other."""
    words = [word for word in words_of(name) if word not in _FILLERS]
    if len(words) > _MOST_WORDS:
        return None
    sides = {place: side for place, word in enumerate(words) if (side := meant("side", word))}
    for place, side in [*sides.items(), (None, "")]:
        muscle = meant_roughly("muscle", " ".join(word for at, word in enumerate(words) if at != place))
        if muscle:
            return f"{muscle} {side}".strip().lower()
    return None


@dataclass(frozen=True)
class Wide:
    """The columns of a sheet that hold grades, by place."""

    cells: dict[int, CellOfHeader]

    @property
    def columns(self) -> list[str]:
        """Name what stands behind the cells of a row in each of the rows that are made of it."""
        return ["muscle", "side", *self._said(), "score", "not_assessable"]

    def rows(self, rows: Rows) -> Rows:
        """Yield a row for each grade of each row; a muscle whose cell is empty is not graded."""
        said = [(place, [cell.muscle, cell.side, *(getattr(cell, name) for name in self._said())]) for place, cell in
                self.cells.items()]  # fmt: skip
        for line, cells in rows:
            for place, of_cell in said:
                if (grade := _grade(cells[place])) is not None:
                    yield line, [*cells, *of_cell, *grade]

    def _said(self) -> list[str]:
        return [name for name in ("feature", "sequence") if any(getattr(cell, name) for cell in self.cells.values())]


def find_wide(names: Sequence[str], line: int, written: Sequence[str]) -> Wide | None:
    """Find the columns that hold grades; None where there is none.

    Args:
        written: the names as they stand in the file.

    Raises:
        ImportRefused: two columns hold one muscle, or some say what is graded and some do not.
    """
    cells = {place: cell for place, name in enumerate(names) if name and (cell := cell_of(name))}
    places: dict[CellOfHeader, int] = {}
    for place, cell in cells.items():
        if (other := places.setdefault(cell, place)) != place:
            both = (
                f"The columns {written[other]} ({column_letters(other)}) and {written[place]} ({column_letters(place)})"
            )
            raise refuse(f"{both} are of one muscle. {_ONE_READER}", line)
    for said in ("feature", "sequence"):
        without = [written[place] for place, cell in cells.items() if not getattr(cell, said)]
        if without and len(without) < len(cells):
            raise refuse(f"The column {without[0]} does not say the {said}, while others do.", line)
    return Wide(cells) if cells else None


def _readings(words: Sequence[str], beside: Sequence[str]) -> Iterator[dict[str, str]]:
    """Yield what words say: a muscle, and beside it at most one side, feature and sequence."""
    if muscle := meant("muscle", " ".join(words)):
        yield {"muscle": muscle}
    for column in beside:
        others = [name for name in beside if name != column]
        for start, end in _runs(len(words)):
            if value := meant(column, " ".join(words[start:end])):
                yield from ({**found, column: value} for found in _readings([*words[:start], *words[end:]], others))


def _runs(count: int) -> Iterable[tuple[int, int]]:
    return ((start, start + size) for size in (1, 2, 3) for start in range(count - size + 1))


@lru_cache(maxsize=2**12)
def _grade(cell: str) -> tuple[str, str] | None:
    """Read score and not_assessable of a cell; None where the muscle was not graded."""
    cell = cell.strip()
    if is_not_assessable(cell):
        return "", "true"
    return None if is_missing(cell) else (cell, "")
