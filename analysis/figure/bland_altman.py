"""Differences of two readers' sum scores against their mean (Bland and Altman 1986), on small SVG canvases.

All pairs of readers have the same axes, so that the small pictures can be compared by eye.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.words.notation import number

WIDTH, HEIGHT = 280, 168
LEFT, RIGHT, TOP, BOTTOM = 34, 272, 8, 142
# Participants that coincide are one larger dot: so many of them, at least, for each size.
SIZES = (1, 2, 5)


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Picture:
    """One pair. ``dots`` is a path for each of `SIZES`; ``lines`` the mean difference, then the limits."""

    bias: Mapping[str, Any]
    dots: list[str]
    zero: float
    mean: float | None
    limits: list[float]
    x_ticks: list[Tick]
    y_ticks: list[Tick]


def pictures(bias: Sequence[Mapping[str, Any]], sums: Sequence[Mapping[str, Any]]) -> list[Picture]:
    """A picture for each pair with participants: ``bias`` and ``sums`` list the pairs in the same order."""
    axes = _Axes.of(bias, sums)
    return [_picture(entry, pair["points"], axes) for entry, pair in zip(bias, sums, strict=True) if pair["points"]]


@dataclass(frozen=True)
class _Axes:
    highest_mean: float
    furthest: float  # from 0, of a difference or a limit

    @classmethod
    def of(cls, bias: Sequence[Mapping[str, Any]], sums: Sequence[Mapping[str, Any]]) -> "_Axes":
        points = [point for pair in sums for point in pair["points"]]
        limits = [entry[key] for entry in bias for key in ("loa_low", "loa_high") if entry[key] is not None]
        return cls(
            highest_mean=max([(one + other) / 2 for one, other, _ in points] + [1]),
            furthest=max([abs(one - other) for one, other, _ in points] + [abs(limit) for limit in limits] + [1]),
        )

    def x(self, mean: float) -> float:
        return round(LEFT + 6 + (RIGHT - LEFT - 12) * mean / self.highest_mean, 1)

    def y(self, difference: float) -> float:
        middle = (TOP + BOTTOM) / 2
        return round(middle - (BOTTOM - TOP - 12) / 2 * difference / self.furthest, 1)


def _picture(entry: Mapping[str, Any], points: Sequence[Sequence[int]], axes: _Axes) -> Picture:
    mean = entry["mean_difference"]
    limits = [entry[key] for key in ("loa_low", "loa_high") if entry[key] is not None]
    top = int(axes.furthest)
    return Picture(
        bias=entry,
        dots=[_dots(points, axes, size) for size in range(len(SIZES))],
        zero=axes.y(0),
        mean=None if mean is None else axes.y(mean),
        limits=[axes.y(limit) for limit in limits],
        x_ticks=[Tick(axes.x(value), f"{value:g}") for value in (0, int(axes.highest_mean))],
        y_ticks=[Tick(axes.y(value), number(value, 0)) for value in (top, 0, -top)],
    )


def _dots(points: Sequence[Sequence[int]], axes: _Axes, size: int) -> str:
    """Points of one size as a path of lines without length, whose round ends are the dots: 10 bytes each."""
    at_least, below = SIZES[size], [*SIZES, None][size + 1]
    return "".join(
        f"M{axes.x((one + other) / 2):g} {axes.y(one - other):g}h0"
        for one, other, count in points
        if count >= at_least and (below is None or count < below)
    )
