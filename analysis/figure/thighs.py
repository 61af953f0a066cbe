"""Cross-sections of the thigh: each group's median per muscle, and their difference. Gives SVG.

The compared group left, the reference in the middle, at the right what the model estimates of the difference, with
brackets around what is not significant. Every muscle carries its number, so that colour is never the only carrier.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.figure.group import Group
from analysis.figure.outlines import SIZE, MuscleOutline, Surroundings, outlines
from analysis.figure.palette import INK, MUTED, NO_DIFFERENCE, NO_GRADE, NO_GRADE_LINE, Stops, colour, grade_stops
from analysis.figure.svg.elements import box, element, line_of_text, path, xml_text
from analysis.figure.svg.paint import Paint
from analysis.figure.svg.render import standalone
from analysis.figure.text_width import fitted, text_width
from analysis.figure.tissues import TISSUES
from analysis.stats.result_types.answers import ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult, GroupPair
from analysis.stats.result_types.muscles import MuscleResult
from analysis.words.comparison.table import separated
from analysis.words.notation import LEVEL, MINUS, interval, median_iqr, number, stars
from analysis.words.question.deciding import deciding
from grading.anatomy import MUSCLE_BY_CODE
from grading.scale import SCORES

WIDTH, HEIGHT = 1200, 500
_PANEL, _TOP, _DRAWN = 400, 36, 376  # pixels: from one cross-section to the next, above it, and its own width
_SCALE_TOP, _SCALE_HEIGHT, _SCALE_WIDTH = 426, 10, 240
_STEPS = 48  # of a scale's bar
_TITLE = 14  # pixels of a title's text, bold, of which fewer are shown
_END = 88  # pixels of a group's code at an end of the difference's scale
_SIZE, _SMALL = 15, 11.5  # pixels of a muscle's label
_ALONG = {"GR": -82}  # degrees: muscles too narrow for a number across, which is written along them
_ASIDE = {"SA": 4}  # units of the drawing: muscles that are wider at one side below their label


@dataclass(frozen=True)
class _Panel:
    """One cross-section: title, scale from ``low`` to ``high``, each muscle's value, as shown, and words for it."""

    title: str
    stops: Stops
    low: float
    high: float
    ticks: tuple[float, ...]
    ends: tuple[str, str]
    values: Mapping[str, float | None]
    shown: Mapping[str, str]
    words: Mapping[str, str]
    write: Callable[..., str]

    def share(self, value: float) -> float:
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)


def thighs(
    result: ComparisonResult,
    participant_means: ParticipantMeans,
    groups: tuple[Group, Group],
    *,
    theme: str = "print",
    caption: Sequence[str] = (),
) -> str:
    """Draw three cross-sections as one ``<svg>``; theme and caption as in ``svg.render``."""
    paint = Paint(theme)
    reference, compared = groups
    panels = (_of_group(result, compared), _of_group(result, reference), _of_difference(result, groups))
    drawn = [
        element("g", _panel(panel, paint), transform=f"translate({place * _PANEL} 0)")
        for place, panel in enumerate(panels)
    ]
    title = f"Thigh cross-sections: median score of each muscle in {compared.code} and {reference.code}, and difference"
    about = "The same numbers stand in the table."
    return standalone(drawn, WIDTH, HEIGHT, title, about, theme=theme, caption=caption)


def difference_of_medians(muscle: MuscleResult, groups: GroupPair) -> float | None:
    """Subtract the reference's median from the compared group's, in grade points; None where a group has none."""
    compared, reference = (muscle["groups"][groups[role]]["median"] for role in ("compared", "reference"))
    return None if compared is None or reference is None else compared - reference


def _of_group(result: ComparisonResult, group: Group) -> _Panel:
    summaries = {muscle["muscle"]: muscle["groups"][group.code] for muscle in result["muscles"]}
    named = group.code if group.name == group.code else f"{group.code} {group.name}"
    count = f" (n = {result['n']['by_group'][group.code]})"
    return _Panel(
        title=fitted(named, _DRAWN - text_width(count, _TITLE), _TITLE) + count,
        stops=grade_stops(),
        low=SCORES[0],
        high=SCORES[-1],
        ticks=SCORES,
        ends=("", ""),
        values={code: summary["median"] for code, summary in summaries.items()},
        shown={code: number(summary["median"]) for code, summary in summaries.items()},
        words={
            code: f"{group.code} median [IQR] {median_iqr(summary)}, n = {summary['n']}"
            for code, summary in summaries.items()
        },
        write=number,
    )


def _of_difference(result: ComparisonResult, groups: tuple[Group, Group]) -> _Panel:
    reference, compared = groups
    codes = [fitted(group.code, _END, 12) for group in groups]
    span = SCORES[-1] - SCORES[0]
    return _Panel(
        title=f"{codes[1]} {MINUS} {codes[0]}, estimated",
        stops=[(0.0, reference.colour), (0.5, NO_DIFFERENCE), (1.0, compared.colour)],
        low=-span,
        high=span,
        ticks=(-span, 0, span),
        ends=(f"← higher in {codes[0]}", f"higher in {codes[1]} →"),
        values={muscle["muscle"]: muscle["estimate"] for muscle in result["muscles"]},
        shown={muscle["muscle"]: _bracketed(muscle) for muscle in result["muscles"]},
        words={muscle["muscle"]: _estimate(muscle, result, groups) for muscle in result["muscles"]},
        write=signed,
    )


def key(result: ComparisonResult) -> str:
    """Say which difference is drawn at the right, and what its brackets mean."""
    apart = ", or of completely separated muscles the difference itself" if separated(result) else ""
    return (
        f"Left and middle: medians. Right: the model’s estimate of the difference, in grade points{apart}; "
        f"in brackets: NS, {deciding(result).name} of {LEVEL} or more"
    )


def _bracketed(muscle: MuscleResult) -> str:
    text = signed(muscle["estimate"])
    return f"({text})" if muscle["p_deciding"] is not None and muscle["p_deciding"] >= LEVEL else text


def _estimate(muscle: MuscleResult, result: ComparisonResult, groups: tuple[Group, Group]) -> str:
    reference, compared = groups
    seen = f"{compared.code} minus {reference.code}, estimated: {signed(muscle['estimate'])}"
    if muscle["estimate"] is None:
        return f"{seen}. {muscle['note']}"
    mark = f"{stars(muscle['p_deciding'])} by {deciding(result).name}"
    if muscle["status"] == "separated":
        return f"{compared.code} minus {reference.code}, completely separated: {signed(muscle['estimate'])}, {mark}"
    return f"{seen} {interval(muscle['ci_low'], muscle['ci_high'])}, {mark}"


def signed(value: float | None, decimals: int = 2) -> str:
    """Write a difference with its sign; no sign before zero."""
    text = number(value, decimals)
    return f"+{text}" if value is not None and float(f"{value:.{decimals}f}") > 0 else text


def _panel(panel: _Panel, paint: Paint) -> Iterator[str]:
    yield line_of_text(panel.title, _PANEL / 2, 22, text_anchor="middle", font_weight=600)
    drawing = outlines()
    scale = _DRAWN / SIZE
    inside = [
        *(_surrounding(each, paint) for each in drawing.behind),
        *(_muscle(outline, panel, paint) for outline in drawing.muscles),
        *(_surrounding(each, paint) for each in drawing.before),
    ]
    yield element("g", inside, transform=f"translate({(_PANEL - _DRAWN) / 2:g} {_TOP}) scale({scale:g})")
    yield from _scale(panel, paint)


def _surrounding(each: Surroundings, paint: Paint) -> str:
    fill, line, width = TISSUES[each.kind]
    style = paint.fill(fill and colour(fill)) | paint.stroke(line and colour(line), width)
    attributes: dict[str, Any] = {**each.shape, **style}
    return element(each.name, **attributes)


def _muscle(outline: MuscleOutline, panel: _Panel, paint: Paint) -> str:
    """Draw a muscle's outline, label and number; without a number a broken edge and no colour."""
    known = MUSCLE_BY_CODE[outline.code]
    value = panel.values[outline.code]
    size = _SMALL if outline.is_small else _SIZE
    style = {"text_anchor": "middle", "font_size": size, "fill": paint.colour(INK)}
    halo: dict[str, Any] = {}
    if value is None:
        drawn = {**paint.fill(NO_GRADE), **paint.stroke(NO_GRADE_LINE, 1.4), "stroke_dasharray": "5 3.5"}
    else:
        drawn = {"fill": paint.shade(panel.share(value), panel.stops), **paint.stroke(colour("muscle-edge"), 0.8)}
        style["fill"] = paint.ink_on_shade(panel.share(value), panel.stops)
        halo = {"stroke": drawn["fill"], "stroke_width": 3, "stroke_linejoin": "round", "paint_order": "stroke"}
    inside = [
        element("title", xml_text(f"{known.label}, {known.name}: {panel.words[outline.code]}")),
        path([outline.d], **drawn, stroke_linejoin="round"),
        *_label(outline, known.label, panel.shown[outline.code], size, style, halo),
    ]
    return element("g", inside)


def _label(
    outline: MuscleOutline, label: str, shown: str, size: float, style: Mapping[str, Any], halo: Mapping[str, Any]
) -> Iterator[str]:
    """Write a muscle's label above its number; in a narrow muscle before it, along the muscle."""
    x, y = outline.x, outline.y
    if angle := _ALONG.get(outline.code):
        turned = {"transform": f"rotate({angle} {x:g} {y:g})"}
        whole = text_width(f"{label} {shown}", size)
        start, baseline = x - whole / 2, y + 0.35 * size
        middle = start + text_width(label, size) / 2
        yield line_of_text(label, middle, baseline, font_weight=600, **style, **turned)
        middle = start + whole - text_width(shown, size) / 2
        yield line_of_text(shown, middle, baseline, **style, **halo, **turned)
        return
    yield line_of_text(label, x, y - 0.15 * size, font_weight=600, **style)
    yield line_of_text(shown, x + _ASIDE.get(outline.code, 0), y + 0.95 * size, **style, **halo)


def _scale(panel: _Panel, paint: Paint) -> Iterator[str]:
    """Draw the scale's colours from end to end, its ticks, and what its ends mean."""
    left, step = (_PANEL - _SCALE_WIDTH) / 2, _SCALE_WIDTH / _STEPS
    for place in range(_STEPS):
        bar = box(left + place * step, _SCALE_TOP, step + 0.3, _SCALE_HEIGHT)
        yield path([bar], fill=paint.shade((place + 0.5) / _STEPS, panel.stops))
    style = {"font_size": 12, "fill": paint.colour(MUTED)}
    baseline = _SCALE_TOP + _SCALE_HEIGHT + 16
    for tick in panel.ticks:
        x = left + _SCALE_WIDTH * panel.share(tick)
        yield line_of_text(panel.write(tick, 0), x, baseline, text_anchor="middle", **style)
    for end, x, anchor in zip(panel.ends, (8, _PANEL - 8), ("start", "end"), strict=True):
        if end:
            yield line_of_text(end, x, baseline + 18, text_anchor=anchor, **style)
