"""Heat map of participants' mean scores: rows by group and pattern, columns by compartment. Gives a plotly dict.

The vertical axis counts pixels, so that what stands in them is known to fit: rows have room for a code, or are thin,
or, where they would be thinner than two pixels, each stands for several neighbours and shows their mean.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import fmean
from typing import Any

from analysis.figure.grade_keys import grade_keys
from analysis.figure.group import Group
from analysis.figure.layout import axis, bare_axis, figure, legend, segment, text
from analysis.figure.muscle_axis import compartments, muscles_of
from analysis.figure.order import ordered
from analysis.figure.palette import MUTED, NO_GRADE, NO_GRADE_LINE, PAPER, grade_stops
from analysis.figure.text_width import shortened_inside, text_width
from analysis.figure.words import legend_text, mean_text, point_text
from analysis.stats.result_types.answers import Participant, ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult
from grading.anatomy import Muscle
from grading.scale import SCORES

HEADING, GAP = 26, 10  # pixels above a group's rows, and below them
_LABELLED, _THICK, _THIN = 18, 6, 2  # pixels of a row
_MOST_LABELLED, _MOST_THICK, _MOST_ROWS = 60, 120, 360
_CODE, _CODE_SIZE = 22, 12  # characters of a participant's code beside its row, and their pixels
_MARGIN = {"l": 12, "r": 8, "t": 84, "b": 12}
_TO_CODE = 10  # pixels between rows and codes, where the group's colour runs


@dataclass(frozen=True)
class _Block:
    """One group's rows: each some participants, usually one; ``top`` in pixels from the plot's top."""

    group: Group
    participants: int
    rows: Sequence[Sequence[Participant]]
    top: int
    row_height: int

    @property
    def bottom(self) -> int:
        return self.top + len(self.rows) * self.row_height

    def middle(self, row: int) -> float:
        return self.top + (row + 0.5) * self.row_height


def heatmap(
    result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]
) -> dict[str, Any]:
    """Draw means by the grades' own colours; a cell without a grade is paper, with a box where there is room."""
    muscles = muscles_of(result)
    blocks = _blocks(result, participant_means, groups)
    height = max((block.bottom for block in blocks), default=0) + GAP
    labelled = [block for block in blocks if block.row_height >= _LABELLED]
    codes = [_code(row[0]) for block in labelled for row in block.rows]
    return figure(
        [
            *(_trace(block, muscles) for block in blocks if block.rows),
            *_missing(blocks, muscles),
            *grade_keys(no_grade=True),
        ],
        height=height + _MARGIN["t"] + _MARGIN["b"],
        margin=_MARGIN
        | {"l": _MARGIN["l"] + _TO_CODE + ceil(max([0, *(text_width(code, _CODE_SIZE) for code in codes)]))},
        plot_bgcolor=PAPER,
        legend=legend(y=1, yref="container", yanchor="top"),
        xaxis=axis(
            range=[-0.5, len(muscles) - 0.5],
            side="top",
            ticks="",
            showline=False,
            tickvals=list(range(len(muscles))),
            ticktext=[muscle.label for muscle in muscles],
            tickangle=0,
        ),
        yaxis=bare_axis(
            range=[height, 0],
            tickmode="array",
            tickvals=[block.middle(row) for block in labelled for row in range(len(block.rows))],
            ticktext=codes,
            tickfont={"size": _CODE_SIZE, "color": MUTED},
            ticks="outside",
            ticklen=_TO_CODE,
            tickcolor="rgba(0,0,0,0)",
        ),
        shapes=[*_between(muscles, height), *_compartment_lines(muscles), *(_band(block) for block in blocks)],
        annotations=[*_compartment_names(muscles), *(_heading(block) for block in blocks)],
    )


def _blocks(result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]) -> list[_Block]:
    entries = ordered(result, participant_means)
    total = sum(map(len, entries.values()))
    per_row = max(1, ceil(total / _MOST_ROWS))
    height = _LABELLED if total <= _MOST_LABELLED else _THICK if total <= _MOST_THICK else _THIN
    blocks: list[_Block] = []
    top = HEADING
    for group in reversed(groups):
        own = entries[group.code]
        rows = [own[start : start + per_row] for start in range(0, len(own), per_row)]
        blocks.append(_Block(group, len(own), rows, top, height))
        top = blocks[-1].bottom + GAP + HEADING
    return blocks


def _trace(block: _Block, muscles: list[Muscle]) -> dict[str, Any]:
    # Not 0: then plotly scales one small picture by a style that the policy forbids, and the browser blurs it.
    gap = 1 if block.row_height >= _THICK else 0.01
    return {
        "type": "heatmap",
        "x": list(range(len(muscles))),
        "y0": block.middle(0),
        "dy": block.row_height,
        "z": [[_mean(row, muscle) for muscle in muscles] for row in block.rows],
        "hovertext": [[_words(row, block.group, muscle) for muscle in muscles] for row in block.rows],
        "hoverinfo": "text",
        "hoverongaps": True,
        "zmin": SCORES[0],
        "zmax": SCORES[-1],
        "colorscale": grade_stops(),
        "showscale": False,
        "xgap": gap,
        "ygap": gap,
    }


def _mean(row: Sequence[Participant], muscle: Muscle) -> float | None:
    means = [entry["means"][muscle.code] for entry in row if muscle.code in entry["means"]]
    return round(fmean(means), 3) if means else None


def _words(row: Sequence[Participant], group: Group, muscle: Muscle) -> str:
    mean = _mean(row, muscle)
    if len(row) == 1:
        return point_text(row[0]["participant"], group.code, muscle.code, mean)
    return mean_text(len(row), group.code, muscle.code, mean)


def _code(entry: Participant) -> str:
    return shortened_inside(entry["participant"], _CODE)


def _missing(blocks: list[_Block], muscles: list[Muscle]) -> Iterator[dict[str, Any]]:
    """Draw a box in cells without a grade; where rows are thin, leave the paper."""
    cells = [
        (column, block.middle(number), block.row_height)
        for block in blocks
        for number, row in enumerate(block.rows)
        for column, muscle in enumerate(muscles)
        if _mean(row, muscle) is None
    ]
    if cells and cells[0][2] >= _THICK:
        yield {
            "type": "scatter",
            "x": [column for column, _, _ in cells],
            "y": [middle for _, middle, _ in cells],
            "mode": "markers",
            "marker": {
                "symbol": "square",
                "size": cells[0][2] // 2,
                "color": NO_GRADE,
                "opacity": 1,
                "line": {"color": NO_GRADE_LINE, "width": 1},
            },
            "hoverinfo": "skip",
            "showlegend": False,
        }


def _between(muscles: list[Muscle], height: int) -> Iterator[dict[str, Any]]:
    """Draw a stripe of paper between two compartments."""
    for _, first, _ in compartments(muscles):
        if first:
            yield segment(x0=first - 0.5, x1=first - 0.5, y0=0, y1=height, color=PAPER, width=5)


def _compartment_lines(muscles: list[Muscle]) -> Iterator[dict[str, Any]]:
    for _, first, last in compartments(muscles):
        place: dict[str, Any] = {"x0": first - 0.46, "x1": last + 0.46, "y0": 22, "y1": 22}
        yield segment(**place, yref="paper", ysizemode="pixel", yanchor=1)


def _compartment_names(muscles: list[Muscle]) -> Iterator[dict[str, Any]]:
    for name, first, last in compartments(muscles):
        place = {"x": (first + last) / 2, "y": 1, "yref": "paper", "yshift": 25, "yanchor": "bottom"}
        yield text(name, size=12, color=MUTED, **place)


def _band(block: _Block) -> dict[str, Any]:
    """Draw the group's colour along its rows."""
    return {
        "type": "rect",
        "xref": "paper",
        "xsizemode": "pixel",
        "xanchor": 0,
        "x0": -6,
        "x1": -2,
        "y0": block.top,
        "y1": max(block.bottom, block.top + 1),
        "fillcolor": block.group.colour,
        "line": {"width": 0},
    }


def _heading(block: _Block) -> dict[str, Any]:
    """Write the group's name over its rows, and how many participants each row stands for where it is not one."""
    words = legend_text(block.group.code, block.group.name, block.participants)
    if any(len(row) > 1 for row in block.rows):
        words += f", rows are means of {len(block.rows[0])} participants"
    return text(words, xref="paper", x=0, xanchor="left", y=block.top - 3, yanchor="bottom")
