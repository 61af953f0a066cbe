"""The steps of an SVG path as absolute moves, lines and cubic curves, which is all that a PDF has."""

import re
from collections.abc import Callable, Iterator, Sequence

Point = tuple[float, float]
Step = tuple[str, tuple[float, ...]]  # M and L with a point, C with three, Z with none

_TOKEN = re.compile(r"[A-Za-z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "Z": 0}


def path_steps(d: str) -> Iterator[Step]:
    """Read a path's ``d``. KeyError for a command that no figure uses, such as an arc."""
    here, start, control = (0.0, 0.0), (0.0, 0.0), None
    for letter, numbers in _commands(d):
        if letter in "Zz":
            here = start
            yield "Z", ()
            continue
        points = _absolute(letter, numbers, here)
        name = letter.upper()
        if name in "CSQ":
            points = _CURVES[name](here, points, control)
            yield "C", tuple(number for point in points for number in point)
            control = points[1]
        else:
            yield ("M" if name == "M" else "L"), points[0]
            control = None
            start = points[0] if name == "M" else start
        here = points[-1]


def _commands(d: str) -> Iterator[tuple[str, list[float]]]:
    """Give each command with its numbers; what follows a move without a letter of its own are lines."""
    letter = ""
    numbers: list[float] = []
    for token in _TOKEN.findall(d):
        if token.isalpha():
            letter, numbers = token, []
        else:
            numbers.append(float(token))
        if letter and len(numbers) == _NUMBERS[letter.upper()]:
            yield letter, numbers
            numbers = []
            letter = {"M": "L", "m": "l"}.get(letter, letter)


def _absolute(letter: str, numbers: Sequence[float], here: Point) -> list[Point]:
    x, y = here if letter.islower() else (0.0, 0.0)
    if letter in "Hh":
        return [(x + numbers[0], here[1])]
    if letter in "Vv":
        return [(here[0], y + numbers[0])]
    return [(x + numbers[place], y + numbers[place + 1]) for place in range(0, len(numbers), 2)]


def _smooth(here: Point, points: list[Point], control: Point | None) -> list[Point]:
    mirrored = here if control is None else (2 * here[0] - control[0], 2 * here[1] - control[1])
    return [mirrored, *points]


def _quadratic(here: Point, points: list[Point], _control: Point | None) -> list[Point]:
    middle, end = points
    return [_towards(here, middle), _towards(end, middle), end]


def _towards(start: Point, end: Point) -> Point:
    """Two thirds of the way: where a cubic has its control for it to be the quadratic."""
    return start[0] + (end[0] - start[0]) * 2 / 3, start[1] + (end[1] - start[1]) * 2 / 3


_CURVES: dict[str, Callable[[Point, list[Point], Point | None], list[Point]]] = {
    "C": lambda _here, points, _control: points,
    "S": _smooth,
    "Q": _quadratic,
}
