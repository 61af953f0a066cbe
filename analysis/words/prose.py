"""Numbers and names as running text has them."""

from collections.abc import Iterable, Mapping
from math import ceil

from analysis.words.notation import number, p_value
from grading.anatomy import MUSCLE_BY_CODE


def listed(parts: Iterable[str]) -> str:
    """``one``, ``one and two``, ``one, two and three``."""
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def counted(count: int, thing: str) -> str:
    """``1 reader``, ``3 readers``."""
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def muscle(code: str) -> str:
    """A muscle's name without the comma that a list would trip over: ``biceps femoris long head``."""
    return MUSCLE_BY_CODE[code].name.replace(",", "")


def p_is(p: float, name: str = "p") -> str:
    """``p < 0.001``, ``p = 0.229``."""
    text = p_value(p)
    return f"{name} < {text[1:]}" if text.startswith("<") else f"{name} = {text}"


def p_at_most(largest: float) -> str:
    """``< 0.001``, ``≤ 0.032`` of p values up to 0.0314: a bound is rounded up, though never to 0.05."""
    if largest < 0.001:
        return "< 0.001"
    bounds = (ceil(largest * 10**digits) / 10**digits for digits in range(3, 17))
    bound = next(bound for bound in bounds if (bound < 0.05) == (largest < 0.05))
    return f"≤ {max(f'{bound:.3f}', f'{bound:.15g}', key=len)}"


def with_interval(estimate: Mapping[str, float | None]) -> str:
    """``0.93 (95 % CI 0.91 to 0.94)``, or without the interval where there is none."""
    if estimate["ci_low"] is None or estimate["ci_high"] is None:
        return f"{number(estimate['value'])} (no interval)"
    return f"{number(estimate['value'])} (95 % CI {number(estimate['ci_low'])} to {number(estimate['ci_high'])})"


def sentence(text: str) -> str:
    """With a capital and a full stop, whatever the text begins and ends with."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
