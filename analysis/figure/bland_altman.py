"""Differences of two readers' sum scores against their mean (Bland and Altman 1986). Gives a plotly dict.

One panel for each pair of readers, all with the same axes, so that they can be compared by eye.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from math import ceil
from typing import Any

from analysis.figure.layout import axis, bare_axis, figure, segment, text
from analysis.figure.palette import ACCENT, INK, LINE, MUTED
from analysis.figure.text_width import fitted_inside
from analysis.stats.result_types.agreement import AgreementResult, Bias
from analysis.stats.result_types.answers import Disagreement
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.notation import MINUS, number
from analysis.words.prose import counted

_PLOT, _ABOVE, _BELOW = 170, 52, 58  # pixels of a panel: its plot, its words above, its axis below
_MARGIN = {"l": 64, "r": 12, "t": _ABOVE, "b": _BELOW}
_MOST_ACROSS = 3
_BETWEEN = 0.06  # share of the plot's width between two panels
_READER = 88  # pixels of a reader's name in a title
_SIZES = ((5, 10), (2, 7), (1, 5))  # pixels of a dot by how many participants it stands for, at least


@dataclass(frozen=True)
class _Pair:
    """Two readers: the numbers of their bias, their points, and the panel's place among the others."""

    bias: Bias
    points: Sequence[Sequence[int]]  # sum by the one, sum by the other, participants
    place: int

    @property
    def suffix(self) -> str:
        """Say how plotly's names of the panel's axes end."""
        return str(self.place + 1) if self.place else ""

    def lines(self) -> Iterator[tuple[float, dict[str, str]]]:
        """Give the mean difference, then the limits, and how their lines are broken."""
        limits = (self.bias["loa_low"], self.bias["loa_high"])
        for value, dash in ((self.bias["mean_difference"], {}), *((limit, {"dash": "dash"}) for limit in limits)):
            if value is not None:
                yield value, dash


@dataclass(frozen=True)
class _Grid:
    """Panels in rows, and the axes that they share: how far they reach, in points of the sum score."""

    across: int
    down: int
    highest_mean: float
    furthest: float  # from 0, of a difference or a limit

    @property
    def height(self) -> int:
        return self.down * _PLOT + (self.down - 1) * (_ABOVE + _BELOW)

    def across_domain(self, place: int) -> list[float]:
        """Give a panel's share of the plot's width; one alone takes half."""
        columns = max(self.across, 2)
        width = (1 - _BETWEEN * (columns - 1)) / columns
        start = place % self.across * (width + _BETWEEN)
        return [start, min(start + width, 1)]

    def down_domain(self, place: int) -> list[float]:
        """Give a panel's share of the plot's height, from below."""
        top = place // self.across * (_PLOT + _ABOVE + _BELOW)
        return [max(1 - (top + _PLOT) / self.height, 0), 1 - top / self.height]


def bland_altman(
    agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]
) -> dict[str, Any]:
    """Draw every pair of readers who have participants in common, in the order of the table of bias."""
    both = zip(agreement["bias"], disagreement["sums"], strict=True)
    shown = [(bias, sums["points"]) for bias, sums in both if sums["points"]]
    pairs = [_Pair(bias, points, place) for place, (bias, points) in enumerate(shown)]
    grid = _grid(pairs)
    return figure(
        [_trace(pair) for pair in pairs],
        height=grid.height + _MARGIN["t"] + _MARGIN["b"],
        margin=_MARGIN,
        showlegend=False,
        **(_axes(pairs, grid) or _no_axes()),
        shapes=[line for pair in pairs for line in _lines(pair, grid)],
        annotations=[note for pair in pairs for note in _words(pair, grid)] or [_nobody()],
    )


def _grid(pairs: list[_Pair]) -> _Grid:
    across = max(min(len(pairs), _MOST_ACROSS), 1)
    points = [point for pair in pairs for point in pair.points]
    lines = [value for pair in pairs for value, _ in pair.lines()]
    return _Grid(
        across=across,
        down=max(ceil(len(pairs) / across), 1),
        highest_mean=max([(one + other) / 2 for one, other, _ in points] + [1]),
        furthest=max([abs(one - other) for one, other, _ in points] + [abs(value) for value in lines] + [1]),
    )


def _trace(pair: _Pair) -> dict[str, Any]:
    return {
        "type": "scatter",
        "xaxis": f"x{pair.suffix}",
        "yaxis": f"y{pair.suffix}",
        "x": [(one + other) / 2 for one, other, _ in pair.points],
        "y": [one - other for one, other, _ in pair.points],
        "mode": "markers",
        "marker": {
            "symbol": "circle",
            "size": [next(size for least, size in _SIZES if count >= least) for _, _, count in pair.points],
            "color": INK,
            "opacity": 0.75,
            "line": {"width": 0},
        },
        "hovertext": [_hover(pair.bias["readers"], *point) for point in pair.points],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }


def _hover(readers: Sequence[str], one: int, other: int, count: int) -> str:
    sums = [f"{reader}: sum {score}" for reader, score in zip(readers, (one, other), strict=True)]
    difference = f"difference {number(one - other, 0)}, mean {(one + other) / 2:g}"
    return "\n".join([counted(count, "participant"), *sums, difference])


def _axes(pairs: list[_Pair], grid: _Grid) -> dict[str, Any]:
    """Give both axes of every panel; the first of a row says what is measured."""
    axes: dict[str, Any] = {}
    reach, step = grid.furthest * 1.06, _step(grid.furthest)
    ticks = [step * place for place in range(-int(grid.furthest // step), int(grid.furthest // step) + 1)]
    across = _step(grid.highest_mean)
    means = [across * place for place in range(int(grid.highest_mean // across) + 1)]
    for pair in pairs:
        axes[f"xaxis{pair.suffix}"] = axis(
            range=[-0.03 * grid.highest_mean, 1.03 * grid.highest_mean],
            domain=grid.across_domain(pair.place),
            anchor=f"y{pair.suffix}",
            tickvals=means,
            ticktext=[f"{mean:g}" for mean in means],
            tickangle=0,
            tickfont={"size": 12, "color": MUTED},
            title={"text": "mean of the two sum scores", "standoff": 6, "font": {"size": 12}},
        )
        is_first = pair.place % grid.across == 0
        title = {"title": {"text": "difference", "standoff": 6, "font": {"size": 12}}} if is_first else {}
        axes[f"yaxis{pair.suffix}"] = axis(
            range=[-reach, reach],
            domain=grid.down_domain(pair.place),
            anchor=f"x{pair.suffix}",
            tickvals=ticks,
            ticktext=[number(tick, 0) for tick in ticks],
            tickfont={"size": 12, "color": MUTED},
            **title,
        )
    return axes


def _no_axes() -> dict[str, Any]:
    return {name: bare_axis(range=[0, 1], showticklabels=False) for name in ("xaxis", "yaxis")}


def _nobody() -> dict[str, Any]:
    place: dict[str, Any] = {
        "xref": "paper",
        "x": 0.5,
        "yref": "paper",
        "y": 0.5,
        "xanchor": "center",
        "yanchor": "middle",
    }
    return text("No participant was graded by both readers of any pair.", color=MUTED, **place)


def _step(reach: float) -> int:
    """Choose between ticks 1, 2, 5, 10 … so that at most three stand beyond 0."""
    step, factors = 1, cycle((2, 2.5, 2))
    while reach >= 4 * step:
        step = round(step * next(factors))
    return step


def _lines(pair: _Pair, grid: _Grid) -> Iterator[dict[str, Any]]:
    """Draw no difference, the mean difference and the limits of agreement."""
    place: dict[str, Any] = {"xref": f"x{pair.suffix}", "yref": f"y{pair.suffix}"}
    place |= {"x0": -0.03 * grid.highest_mean, "x1": 1.03 * grid.highest_mean}
    yield segment(**place, y0=0, y1=0, color=LINE) | {"layer": "below"}
    for value, dash in pair.lines():
        line = segment(**place, y0=value, y1=value)
        yield line | {"line": {"color": ACCENT, "width": 1.5, **dash}, "layer": "below"}


def _words(pair: _Pair, grid: _Grid) -> Iterator[dict[str, Any]]:
    """Write who is compared, and below it the numbers that the lines stand for."""
    place: dict[str, Any] = {"xref": "paper", "x": grid.across_domain(pair.place)[0], "xanchor": "left"}
    place |= {"yref": "paper", "y": grid.down_domain(pair.place)[1], "yanchor": "bottom"}
    one, other = (fitted_inside(reader, _READER, 13) for reader in pair.bias["readers"])
    yield text(f"{one} {MINUS} {other} (n = {pair.bias['participants']})", yshift=22, **place)
    yield text(_numbers(pair.bias), size=12, color=MUTED, yshift=4, **place)


def _numbers(bias: Bias) -> str:
    mean = f"mean {number(bias['mean_difference'])}"
    if bias["sd"] is None:
        return mean
    return f"{mean}, limits {number(bias['loa_low'])} to {number(bias['loa_high'])}"
