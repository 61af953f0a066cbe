"""How well the pattern's score tells the groups apart: each participant as a point, and the ROC curve.

Gives a plotly dict. The scores are the held-out ones: each by the muscles that the other participants chose.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor
from statistics import median
from typing import Any

from analysis.figure.group import Group
from analysis.figure.layout import axis, bare_axis, figure, legend, segment, text
from analysis.figure.palette import ACCENT, INK, LINE, MUTED
from analysis.figure.swarm import HALF_WIDTH, swarm
from analysis.figure.tables import Table
from analysis.figure.text_width import fitted_inside, wrapped
from analysis.figure.words import legend_text
from analysis.stats.index.roc import RocPoint, roc_points
from analysis.stats.result_types.answers import ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.pattern_score import PatternScoreResult, ScoredParticipant
from analysis.words.comparison.pattern_score import area_in_words, pattern_score_on_page
from analysis.words.notation import number

_HEIGHT = 400
_POINTS, _CURVE = (0.0, 0.52), (0.64, 1.0)  # shares of the width
_SYMBOLS = ("circle", "square")  # the compared group, then the reference, as in the boxplots
_CODE = 90  # pixels of a group's code beside an axis
_SHARES = [0, 0.25, 0.5, 0.75, 1]
_SENTENCE = 600  # pixels of a line that says why there is nothing to draw
_SMALL = {"font": {"size": 12}, "standoff": 6}


@dataclass(frozen=True)
class _Column:
    """The scored participants of one group, by ascending score, and where they stand."""

    group: Group
    place: int
    participants: list[str]
    scores: list[float]


def pattern_score_figure(
    result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]
) -> dict[str, Any]:
    """Draw both panels; where there is no area, the reason. The compared group stands left, as in the boxplots."""
    found = result.get("pattern_score")
    if found is None or found["value"] is None:
        return _nothing(pattern_score_on_page(result))
    reference, compared = groups
    columns = [_column(found, group, place) for place, group in enumerate((compared, reference))]
    points = roc_points(columns[1].scores, columns[0].scores)
    return figure(
        [*(_scored(column, symbol) for column, symbol in zip(columns, _SYMBOLS, strict=True)), _curve(points, columns)],
        height=_HEIGHT,
        margin={"l": 60, "r": 16, "t": 40, "b": 56},
        showlegend=True,
        legend=legend(),
        **_axes(columns),
        shapes=[*_lines(columns), _chance()],
        annotations=_area(found),
    )


def pattern_score_table(
    result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]
) -> Table:
    """Tabulate every participant's score, by group and score; those without one last."""
    found = result.get("pattern_score")
    entries = found["participants"] if found else []
    order = [group.code for group in reversed(groups)]

    def by_score(entry: ScoredParticipant) -> tuple[int, bool, float]:
        return order.index(entry["group"]), entry["score"] is None, entry["score"] or 0.0

    rows = ((entry["participant"], entry["group"], number(entry["score"])) for entry in sorted(entries, key=by_score))
    return Table(("Participant", "Group", "score, by muscles that the others chose"), tuple(rows), words=2)


def _column(found: PatternScoreResult, group: Group, place: int) -> _Column:
    own = [
        (entry["score"], entry["participant"])
        for entry in found["participants"]
        if entry["group"] == group.code and entry["score"] is not None
    ]
    own.sort()
    return _Column(group, place, [code for _, code in own], [score for score, _ in own])


def _scored(column: _Column, symbol: str) -> dict[str, Any]:
    group = column.group
    return {
        "type": "scatter",
        "name": legend_text(group.code, group.name, len(column.scores)),
        "x": [column.place + offset for offset in swarm(column.scores)],
        "y": column.scores,
        "mode": "markers",
        "marker": {"symbol": symbol, "size": 8, "color": group.colour, "line": {"width": 1, "color": INK}},
        "hovertext": [
            f"{code} ({group.code}): score {number(score)}"
            for code, score in zip(column.participants, column.scores, strict=True)
        ],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": True,
    }


def _curve(points: Sequence[RocPoint], columns: Sequence[_Column]) -> dict[str, Any]:
    compared, reference = columns
    return {
        "type": "scatter",
        "xaxis": "x2",
        "yaxis": "y2",
        "x": [point.reference / len(reference.scores) for point in points],
        "y": [point.compared / len(compared.scores) for point in points],
        "mode": "lines+markers",
        "line": {"color": ACCENT, "width": 2},
        "marker": {"symbol": "circle", "size": 5, "color": ACCENT, "line": {"width": 0}},
        "hovertext": [_reached(point, columns) for point in points],
        "hoverinfo": "text",
        "cliponaxis": False,
        "showlegend": False,
    }


def _reached(point: RocPoint, columns: Sequence[_Column]) -> str:
    if point.least is None:
        return "above every score"
    counts = zip(columns, (point.compared, point.reference), strict=True)
    shares = (f"{column.group.code}: {count} of {len(column.scores)}" for column, count in counts)
    return "\n".join([f"score {number(point.least)} or higher", *shares])


def _axes(columns: Sequence[_Column]) -> dict[str, Any]:
    low, high, ticks = _span([score for column in columns for score in column.scores])
    codes = [fitted_inside(column.group.code, _CODE, 13) for column in columns]
    of_share = {"range": [-0.02, 1.02], "tickvals": _SHARES, "ticktext": [f"{share:g}" for share in _SHARES]}
    return {
        "xaxis": axis(
            range=[-0.5, 1.5], domain=list(_POINTS), anchor="y", tickvals=[0, 1], ticktext=codes, ticklen=0, tickangle=0
        ),
        "yaxis": axis(
            range=[low, high],
            anchor="x",
            tickvals=ticks,
            ticktext=[number(tick, 1) for tick in ticks],
            title={"text": "score, grade points", **_SMALL},
        ),
        "xaxis2": axis(
            **of_share,
            domain=list(_CURVE),
            anchor="y2",
            tickangle=0,
            title={"text": f"share of {codes[1]} so high", **_SMALL},
        ),
        "yaxis2": axis(**of_share, anchor="x2", title={"text": f"share of {codes[0]} so high", **_SMALL}),
    }


def _span(scores: Sequence[float]) -> tuple[float, float, list[float]]:
    """Give the axis' ends, 0 within, and ticks at halves, or at whole points where there would be many."""
    low, high = floor(2 * min([*scores, 0])) / 2, ceil(2 * max([*scores, 0.5])) / 2
    step = 0.5 if high - low <= 3 else 1.0
    ticks = [step * place for place in range(ceil(low / step), floor(high / step) + 1)]
    return low - 0.1, high + 0.1, ticks


def _lines(columns: Sequence[_Column]) -> Iterator[dict[str, Any]]:
    """Draw where both means are equal, and each group's median."""
    yield segment(x0=-0.5, x1=1.5, y0=0, y1=0, color=LINE) | {"layer": "below"}
    reach = 1.5 * HALF_WIDTH
    for column in columns:
        middle = median(column.scores)
        yield segment(x0=column.place - reach, x1=column.place + reach, y0=middle, y1=middle, color=INK, width=2)


def _chance() -> dict[str, Any]:
    line = segment(xref="x2", yref="y2", x0=0, x1=1, y0=0, y1=1)
    return line | {"line": {"color": MUTED, "width": 1, "dash": "dot"}, "layer": "below"}


def _area(found: PatternScoreResult) -> list[dict[str, Any]]:
    place: dict[str, Any] = {"xref": "x2", "yref": "y2", "x": 1, "y": 0, "xanchor": "right", "yanchor": "bottom"}
    lines = area_in_words(found)
    return [text(line, size=12, yshift=4 + 18 * up, **place) for up, line in enumerate(reversed(lines))]


def _nothing(reason: str) -> dict[str, Any]:
    """Write why there is no score, where the panels would be."""
    place: dict[str, Any] = {"xref": "paper", "x": 0.5, "yref": "paper", "y": 0.5, "yanchor": "middle"}
    lines = wrapped(reason, _SENTENCE, 13)
    return figure(
        [],
        height=_HEIGHT,
        margin={"l": 16, "r": 16, "t": 16, "b": 16},
        showlegend=False,
        **{name: bare_axis(range=[0, 1], showticklabels=False) for name in ("xaxis", "yaxis")},
        annotations=[
            text(line, color=MUTED, yshift=20 * (len(lines) / 2 - down), xanchor="center", **place)
            for down, line in enumerate(lines)
        ],
    )
