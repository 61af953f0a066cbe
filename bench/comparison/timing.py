"""How time is taken: the same way for every engine, here and in lmer.R."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Any

PATIENCE = 20.0  # seconds after which nothing is repeated


@dataclass(frozen=True)
class Seconds:
    """Medians over the repetitions, in seconds: passed on the clock, and used by the processor."""

    wall: float
    cpu: float
    repetitions: int

    def times_faster_than(self, other: "Seconds") -> float:
        """The smaller of the two ratios: what holds by the clock and by the processor."""
        return min(other.wall / self.wall, other.cpu / self.cpu)


def timed(ask: Callable[[], Any], repetitions: int) -> tuple[Seconds, Any]:
    """Ask again and again, at most ``repetitions`` times; the last answer beside the seconds."""
    wall, cpu = [], []
    while len(wall) < repetitions and sum(wall) < PATIENCE:
        start = time.perf_counter(), time.process_time()
        answer = ask()
        wall.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    return seconds(wall, cpu), answer


def seconds(wall: list[float], cpu: list[float]) -> Seconds:
    return Seconds(median(wall), median(cpu), len(wall))
