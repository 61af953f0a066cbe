"""Answers that are equal but for the last digits of their numbers, which are the processor's."""

from dataclasses import asdict, is_dataclass
from typing import Any

import pytest


def near(expected: Any) -> Any:
    """To compare with ``==``: an answer of dictionaries, lists and tuples, every float in it within 1e-9.

    Sums run in another order where rows stand in another, where arrays are cut into other blocks, and where BLAS has
    other instructions; what is a number of grades, a word or None must be equal.
    """
    if isinstance(expected, float):
        return pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
    if isinstance(expected, dict):
        return {name: near(value) for name, value in expected.items()}
    if isinstance(expected, list | tuple):
        return type(expected)(map(near, expected))
    return expected


def plain(answer: Any) -> Any:
    """Dataclasses as dictionaries, all the way down."""
    if is_dataclass(answer):
        return asdict(answer)
    if isinstance(answer, dict):
        return {name: plain(value) for name, value in answer.items()}
    if isinstance(answer, list | tuple):
        return type(answer)(map(plain, answer))
    return answer
