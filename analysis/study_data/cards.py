"""A read's grades as three integers, which is how PostgreSQL gathers many of them: a *card* for each side.

Four bits for each muscle, in the paper's order, as `kinds` has them.
"""

from collections.abc import Iterator
from functools import lru_cache

from analysis.stats.frame.kinds import BITS, IS_ASSESSED, NOT_ASSESSABLE
from grading.anatomy import MUSCLE_CODES, SIDES

CARDS = {"both": "b", "left": "l", "right": "r"}  # the columns, by side
ASSESSED = sum(IS_ASSESSED << BITS * place for place in range(len(MUSCLE_CODES)))
_LOWER = 6  # muscles that are put into words at a time: their scores repeat, those of all eleven seldom do


def cards() -> str:
    """Write the columns of an aggregate over ``grade``, one for each side; 0 without a grade."""
    shift = " ".join(f"WHEN '{code}' THEN {BITS * place}" for place, code in enumerate(MUSCLE_CODES))
    bits = f"coalesce({IS_ASSESSED} + grade.score, {NOT_ASSESSABLE})::bigint << CASE grade.muscle {shift} END"
    return ", ".join(
        f"coalesce(bit_or({bits}) FILTER (WHERE grade.side = '{side}'), 0) AS {name}" for side, name in CARDS.items()
    )


def lines(both: int, left: int, right: int) -> tuple[bytes, ...]:
    """Write ``muscle,side,score`` of each grade, as the canonical CSV ends its lines, in canonical order."""
    below, cut = (1 << BITS * _LOWER) - 1, BITS * _LOWER
    return _lines(0, both & below, left & below, right & below) + _lines(_LOWER, both >> cut, left >> cut, right >> cut)


@lru_cache(maxsize=1 << 16)
def _lines(first: int, *of_sides: int) -> tuple[bytes, ...]:
    return tuple(_written(first, of_sides))


def _written(first: int, of_sides: tuple[int, ...]) -> Iterator[bytes]:
    for place, muscle in enumerate(MUSCLE_CODES[first:]):
        for side, card in zip(SIDES, of_sides, strict=True):
            if bits := card >> BITS * place & (1 << BITS) - 1:
                score = str(bits - IS_ASSESSED) if bits & IS_ASSESSED else ""
                yield f"{muscle},{side},{score}\n".encode()
            if first == 0 and place == _LOWER - 1 and side == SIDES[-1]:
                return
