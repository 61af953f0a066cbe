"""Agreement per muscle with intervals, as a forest plot. Gives a plotly dict.

One panel for each coefficient, all with one axis, muscles in rows by compartment, all muscles pooled at the foot. The
numbers stand beside the marks. An interval that takes a participant's muscles as independent is dotted and marked †.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from analysis.figure.layout import axis, bare_axis, figure, segment, text
from analysis.figure.muscle_rows import EDGE, ROW, hairline, headings_left, left_text, right_text, rows_by_compartment
from analysis.figure.palette import ACCENT, INK, LINE, MUTED
from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.result_types.agreement import AgreementEntry, AgreementResult, CoefficientEstimate
from analysis.stats.result_types.answers import Disagreement
from analysis.stats.result_types.codes import CoefficientCode
from analysis.words.agreement.coefficients import BY_CODE, estimate_text, is_too_narrow, notes_in_words
from analysis.words.agreement.table import muscle_label
from analysis.words.agreement.targets import least_of
from analysis.words.notation import number
from grading.anatomy import MUSCLE_BY_CODE, MUSCLE_CODES

MARGIN = {"l": 100, "r": 168, "t": 36, "b": 40}
_NUMBERS = 14  # pixels from a panel to its numbers
_BETWEEN = 0.2  # share of the plot's width between two panels, where the left one's numbers stand
_LOWEST = -1.0

Entries = Sequence[AgreementEntry]


@dataclass(frozen=True)
class _Panel:
    """One coefficient: its horizontal axis, and the part of the plot's width from ``start`` to ``end``."""

    code: CoefficientCode
    axis: str
    start: float
    end: float
    lowest: float


def agreement_forest(
    agreement: AgreementResult, disagreement: Disagreement, codes: Sequence[CoefficientCode]
) -> dict[str, Any]:
    """Draw one coefficient or several side by side, of all readers together."""
    muscles, headings = rows_by_compartment(MUSCLE_CODES)
    overall = len(muscles) + len(headings)
    places = {**muscles, OVERALL: overall}
    panels = _panels(agreement["inter"], codes)
    lines = [*headings.values(), overall]
    names = [left_text(muscle_label(code), row, at=EDGE, left=MARGIN["l"]) for code, row in places.items()]
    return figure(
        [trace for panel in panels for trace in _traces(panel, agreement["inter"], places)],
        height=(overall + 1) * ROW + MARGIN["t"] + MARGIN["b"],
        margin=MARGIN,
        showlegend=False,
        yaxis=bare_axis(range=[overall + 0.5, -0.5], showticklabels=False),
        **{f"xaxis{panel.axis[1:]}": _axis(panel) for panel in panels},
        shapes=[
            *(_zero_line(panel) for panel in panels if panel.lowest < 0),
            *(line for panel in panels for line in _target_lines(panel, agreement, overall)),
            *(line for row in lines for line in hairline(row, MARGIN["l"], MARGIN["r"])),
        ],
        annotations=[
            *headings_left(headings, MARGIN["l"]),
            *names,
            *map(_title, panels),
            *(note for panel in panels for note in _numbers(panel, agreement["inter"], places)),
        ],
    )


def _panels(entries: Entries, codes: Sequence[CoefficientCode]) -> list[_Panel]:
    lowest = _lowest([entry[code] for entry in entries for code in codes])
    width = (1 - _BETWEEN * (len(codes) - 1)) / len(codes)
    starts = [place * (width + _BETWEEN) for place in range(len(codes))]
    return [
        _Panel(code, f"x{place or ''}", start, min(start + width, 1), lowest)
        for place, code, start in zip((0, *range(2, len(codes) + 1)), codes, starts, strict=True)
    ]


def _lowest(estimates: Sequence[CoefficientEstimate]) -> float:
    """Find where the axis begins: at 0, or at the half step below the lowest limit, never under -1."""
    limits = [end for estimate in estimates for end in (estimate["value"], estimate["ci_low"]) if end is not None]
    return max(_LOWEST, min(0.0, floor(2 * min(limits, default=0)) / 2))


def _axis(panel: _Panel) -> dict[str, Any]:
    quarters = range(round(4 * panel.lowest), 5, 1 if panel.lowest == 0 else 2)
    return axis(
        range=[panel.lowest, 1],
        domain=[panel.start, panel.end],
        tickvals=[quarter / 4 for quarter in quarters],
        ticktext=[number(quarter / 4, 2 if quarter % 2 else 1) for quarter in quarters],
        tickangle=0,
        showgrid=True,
        gridcolor=LINE,
    )


def _zero_line(panel: _Panel) -> dict[str, Any]:
    return segment(xref=panel.axis, x0=0, x1=0, yref="paper", y0=0, y1=1) | {"layer": "below"}


def _target_lines(panel: _Panel, agreement: AgreementResult, overall: int) -> Iterator[dict[str, Any]]:
    """Draw the study's target beside the muscles, and that of all of them beside the diamond."""
    for scope, start, end in (("muscle", -0.5, overall - 0.5), ("overall", overall - 0.5, overall + 0.5)):
        least = least_of(agreement, panel.code, scope)
        if least is not None:
            line = segment(color=INK, xref=panel.axis, x0=least, x1=least, y0=start, y1=end) | {"layer": "below"}
            yield line | {"line": line["line"] | {"dash": "dash"}}


def _title(panel: _Panel) -> dict[str, Any]:
    place: dict[str, Any] = {
        "xref": "paper",
        "x": panel.start,
        "xanchor": "left",
        "yref": "paper",
        "y": 1,
        "yanchor": "bottom",
    }
    return text(BY_CODE[panel.code].name, yshift=6, **place)


def _traces(panel: _Panel, entries: Entries, places: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Draw intervals behind points; neither where there is none."""
    for too_narrow in (False, True):
        chosen = [entry for entry in entries if is_too_narrow(entry, panel.code) == too_narrow]
        if ranges := list(_ranges(panel, chosen, places)):
            yield _intervals(panel, ranges, {"dash": "dot"} if too_narrow else {})
    if cut := [row for row, low, _ in _ranges(panel, entries, places) if low < panel.lowest]:
        yield _marks(panel, [panel.lowest] * len(cut), cut, "triangle-left", 9) | {"hoverinfo": "skip"}
    for symbol, size, is_overall in (("circle", 9, False), ("diamond", 10, True)):
        values = [
            (entry, entry[panel.code]["value"]) for entry in entries if (entry["muscle"] == OVERALL) == is_overall
        ]
        if shown := [(entry, value) for entry, value in values if value is not None]:
            x, y = [max(value, panel.lowest) for _, value in shown], [places[entry["muscle"]] for entry, _ in shown]
            words = [_hover(entry, panel.code) for entry, _ in shown]
            yield _marks(panel, x, y, symbol, size) | {"hovertext": words, "hoverinfo": "text"}


def _ranges(panel: _Panel, entries: Entries, places: Mapping[str, int]) -> Iterator[tuple[int, float, float]]:
    """Give the row and the limits of each interval that exists."""
    for entry in entries:
        low, high = entry[panel.code]["ci_low"], entry[panel.code]["ci_high"]
        if low is not None and high is not None:
            yield places[entry["muscle"]], low, high


def _intervals(panel: _Panel, ranges: list[tuple[int, float, float]], dash: dict[str, str]) -> dict[str, Any]:
    within = [(row, max(low, panel.lowest), max(high, panel.lowest)) for row, low, high in ranges]
    return {
        "type": "scatter",
        "xaxis": panel.axis,
        "x": [x for _, low, high in within for x in (low, high, None)],
        "y": [y for row, _, _ in within for y in (row, row, None)],
        "mode": "lines",
        "line": {"color": ACCENT, "width": 2, **dash},
        "hoverinfo": "skip",
        "cliponaxis": False,
        "showlegend": False,
    }


def _marks(panel: _Panel, x: list[float], y: list[int], symbol: str, size: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "xaxis": panel.axis,
        "x": x,
        "y": y,
        "mode": "markers",
        "marker": {"symbol": symbol, "size": size, "color": ACCENT, "opacity": 1, "line": {"width": 0}},
        "cliponaxis": False,
        "showlegend": False,
    }


def _numbers(panel: _Panel, entries: Entries, places: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    """Write each value with its interval; a dash where there is none, with the reason on hover."""
    for entry in entries:
        row, is_defined = places[entry["muscle"]], entry[panel.code]["value"] is not None
        color, reason = (INK, {}) if is_defined else (MUTED, {"hovertext": _hover(entry, panel.code)})
        words = _value(entry, panel.code)
        yield right_text(words, row, at=_NUMBERS, end=panel.end, size=12, color=color) | reason


def _value(entry: AgreementEntry, code: CoefficientCode) -> str:
    return f"{estimate_text(entry[code])}{'†' if is_too_narrow(entry, code) else ''}"


def _hover(entry: AgreementEntry, code: CoefficientCode) -> str:
    """Say a mark in words: whose it is, which number, of how many units, and what is to be known of it."""
    muscle = MUSCLE_BY_CODE.get(entry["muscle"])
    lines = [
        f"{muscle.label}, {muscle.name}" if muscle else muscle_label(entry["muscle"]),
        f"{BY_CODE[code].name}: {_value(entry, code)}",
        f"{entry['units']} unit{'' if entry['units'] == 1 else 's'}",
        "† takes a participant’s muscles as independent: too narrow" if is_too_narrow(entry, code) else "",
        notes_in_words(entry, among=(code,)),
    ]
    return "\n".join(filter(None, lines))
