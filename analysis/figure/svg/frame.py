"""Where things of a plotly layout lie, in pixels."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Frame:
    """A drawing's size and its plot's edges, in pixels from the top left.

    Axes are called as plotly's traces call them: ``x``, ``x2``, ``y``; each has its share of the plot, its domain.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    layout: Mapping[str, Any]

    def axis(self, name: str) -> Mapping[str, Any]:
        """Give the layout of ``x`` or ``y2``. KeyError where there is none."""
        layout: Mapping[str, Any] = self.layout[f"{name[0]}axis{name[1:]}"]
        return layout

    def panels(self, letter: str) -> list["Panel"]:
        """Give a panel for each axis of that letter, with the other axis that it is anchored to."""
        names = [key.replace("axis", "") for key in self.layout if re.fullmatch(rf"{letter}axis\d*", key)]
        if letter == "x":
            return [Panel(self, name, self.axis(name).get("anchor", "y")) for name in names]
        return [Panel(self, self.axis(name).get("anchor", "x"), name) for name in names]

    def x(self, value: float, axis: str = "x") -> float:
        """Place a value of a horizontal axis."""
        return _along(value, self.axis(axis), self.left, self.right)

    def y(self, value: float, axis: str = "y") -> float:
        """Place a value of a vertical axis."""
        return _along(value, self.axis(axis), self.bottom, self.top)

    def x_in(self, reference: str | None, value: float) -> float:
        """Place a value in ``paper`` coordinates or of an axis, ``x`` if none is named."""
        return self.left + value * (self.right - self.left) if reference == "paper" else self.x(value, reference or "x")

    def y_in(self, reference: str | None, value: float) -> float:
        """Place a value in ``paper`` coordinates or of an axis, ``y`` if none is named."""
        return (
            self.bottom - value * (self.bottom - self.top) if reference == "paper" else self.y(value, reference or "y")
        )


@dataclass(frozen=True)
class Panel:
    """What a horizontal and a vertical axis span; its edges are the axes' ends."""

    frame: Frame
    x_axis: str
    y_axis: str

    def x(self, value: float) -> float:
        """Place a value of the horizontal axis."""
        return self.frame.x(value, self.x_axis)

    def y(self, value: float) -> float:
        """Place a value of the vertical axis."""
        return self.frame.y(value, self.y_axis)

    @property
    def horizontal(self) -> Mapping[str, Any]:
        return self.frame.axis(self.x_axis)

    @property
    def vertical(self) -> Mapping[str, Any]:
        return self.frame.axis(self.y_axis)

    @property
    def left(self) -> float:
        return self.x(self.horizontal["range"][0])

    @property
    def right(self) -> float:
        return self.x(self.horizontal["range"][1])

    @property
    def bottom(self) -> float:
        return self.y(self.vertical["range"][0])

    @property
    def top(self) -> float:
        return self.y(self.vertical["range"][1])


def frame_of(layout: Mapping[str, Any], width: float, legend_height: float) -> Frame:
    """Make the frame, with room for a legend that is higher than the margin above the plot."""
    margin = layout["margin"]
    return Frame(
        width=width,
        height=layout["height"],
        left=margin["l"],
        right=width - margin["r"],
        top=max(margin["t"], legend_height),
        bottom=layout["height"] - margin["b"],
        layout=layout,
    )


def _along(value: float, axis: Mapping[str, Any], start: float, end: float) -> float:
    first, last = axis["range"]
    low, high = axis.get("domain") or (0, 1)
    share: float = low + (value - first) / (last - first) * (high - low)
    return start + share * (end - start)
