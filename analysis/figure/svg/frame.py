"""Where things of a plotly layout lie, in pixels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Frame:
    """A drawing's size and its plot's edges, in pixels from the top left."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    layout: Mapping[str, Any]

    def x(self, value: float) -> float:
        """A value on the horizontal axis."""
        return _along(value, self.layout["xaxis"], self.left, self.right)

    def y(self, value: float) -> float:
        """A value on the vertical axis."""
        return _along(value, self.layout["yaxis"], self.bottom, self.top)

    def x_in(self, reference: str | None, value: float) -> float:
        """A value in ``paper`` coordinates or on the axis."""
        return self.left + value * (self.right - self.left) if reference == "paper" else self.x(value)

    def y_in(self, reference: str | None, value: float) -> float:
        """A value in ``paper`` coordinates or on the axis."""
        return self.bottom - value * (self.bottom - self.top) if reference == "paper" else self.y(value)

    @property
    def axis_bottom(self) -> float:
        """The lower end of the vertical axis."""
        return self.y(self.layout["yaxis"]["range"][0])

    @property
    def axis_top(self) -> float:
        """The upper end of the vertical axis, which need not reach the plot's top."""
        return self.y(self.layout["yaxis"]["range"][1])


def frame_of(layout: Mapping[str, Any], width: float, legend_height: float) -> Frame:
    """The frame, with room made for a legend that is higher than the margin above the plot."""
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
    share = low + (value - first) / (last - first) * (high - low)
    return start + share * (end - start)
