"""Numbers and names as running text has them."""

from collections.abc import Iterable
from math import ceil

from analysis.stats.result_types.agreement import CoefficientEstimate
from analysis.words.notation import LEVEL, number, p_value
from grading.anatomy import MUSCLE_BY_CODE


def listed(parts: Iterable[str], conjunction: str = "and") -> str:
    """Write ``one``, ``one and two``, ``one, two and three``; nothing of nothing."""
    *others, last = [*parts] or [""]
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def counted(count: int, thing: str) -> str:
    """Write ``1 reader``, ``3 readers``, ``11,494 grades``."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def muscle(code: str) -> str:
    """Name a muscle without the comma that a list would trip over: ``biceps femoris long head``."""
    return MUSCLE_BY_CODE[code].name.replace(",", "")


def p_is(p: float, name: str = "p") -> str:
    """Write ``p < 0.001``, ``p = 0.229``, ``p > 0.99``."""
    text = p_value(p)
    return f"{name} {text[0]} {text[1:]}" if text[0] in "<>" else f"{name} = {text}"


def p_at_most(largest: float) -> str:
    """Write ``< 0.001``, or ``≤ 0.032`` of p values up to 0.0314: a bound is rounded up, though never to 0.05."""
    if largest < 0.001:
        return "< 0.001"
    bounds = (ceil(largest * 10**digits) / 10**digits for digits in range(3, 17))
    bound = next(bound for bound in bounds if (bound < LEVEL) == (largest < LEVEL))
    return f"≤ {max(f'{bound:.3f}', f'{bound:.15g}', key=len)}"


def with_interval(estimate: CoefficientEstimate) -> str:
    """Write ``0.93 (95 % CI 0.91 to 0.94)``, or ``0.93 (no interval)``."""
    if estimate["ci_low"] is None or estimate["ci_high"] is None:
        return f"{number(estimate['value'])} (no interval)"
    return f"{number(estimate['value'])} (95 % CI {number(estimate['ci_low'])} to {number(estimate['ci_high'])})"


def capitalised(text: str) -> str:
    """Begin a text with a capital."""
    return f"{text[:1].upper()}{text[1:]}"


def sentence(text: str) -> str:
    """Give a text a capital and one full stop."""
    return f"{capitalised(text).rstrip('.')}."
