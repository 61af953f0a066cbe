"""Processor time in a unit that a slow machine has as well as a fast one: a loop of Python over a million numbers."""

from collections.abc import Callable
from time import thread_time


def effort(work: Callable[[], object]) -> float:
    """How many such loops the work is worth. What else runs on the machine takes no processor time of this thread."""
    return _seconds(work) / _seconds(_loop)


def _seconds(work: Callable[[], object]) -> float:
    start = thread_time()
    work()
    return thread_time() - start


def _loop() -> int:
    total = 0
    for number in range(1_000_000):
        total += number
    return total
