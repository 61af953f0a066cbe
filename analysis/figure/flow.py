"""The flow of participants and reads as a diagram: a box for each step, beside the arrow what was left out. Gives SVG.

In the layout of STROBE's diagrams, from above to below. Boxes are as high as their lines need.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.figure.palette import INK, MUTED
from analysis.figure.svg.elements import box, line_of_text, path, stroke
from analysis.figure.svg.paint import Paint
from analysis.figure.svg.render import WIDTH, standalone
from analysis.figure.tables import Table
from analysis.figure.text_width import wrapped
from analysis.stats.result_types.described import DescribedParticipants
from analysis.words.notation import DASH
from analysis.words.participants.flow import STEPS, StepInWords

TITLE = "Flow of participants and reads"
_LINE_HEIGHT, _SIZE, _PADDING, _GAP, _TOP = 19, 13, 10, 30, 8  # pixels
_LEFT, _WIDTH = 8, 540  # of a step's box
_SIDE, _SIDE_WIDTH = 604, 588  # of a box of what was left out
_ARROW = 5  # half the width of an arrow's head, and its length


@dataclass(frozen=True)
class _Box:
    """A box with its lines, of which the first is a title."""

    left: float
    top: float
    width: float
    lines: tuple[str, ...]

    @property
    def height(self) -> float:
        return len(self.lines) * _LINE_HEIGHT + 2 * _PADDING - 4

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def flow_diagram(
    described: DescribedParticipants,
    steps: Sequence[StepInWords],
    *,
    theme: str = "print",
    caption: Sequence[str] = (),
) -> str:
    """Draw the diagram as one ``<svg>``; theme and caption as in ``svg.render``."""
    paint = Paint(theme)
    main, beside = _placed(steps)
    drawn = [part for each in (*main, *beside) for part in _drawn(each, paint)]
    for above, below in pairwise(main):
        drawn += _arrow_down(above, below, paint)
    for each in beside:
        drawn += _arrow_aside(main[0].middle, each, paint)
    height = max(each.bottom for each in (*main, *beside)) + _TOP
    return standalone(drawn, WIDTH, height, TITLE, " ".join(map(_said, steps)), theme=theme, caption=caption)


def flow_table(described: DescribedParticipants, steps: Sequence[StepInWords]) -> Table:
    """Tabulate each step and each reason: participants and reads, of each group and of all."""
    codes = list(described["flow"][0]["participants"]["by_group"]) if described["flow"] else []
    head = [f"{thing}, {column}" for thing in ("Participants", "Reads") for column in (*codes, "all")]
    rows = []
    for step in described["flow"]:
        lost = [(each["reason"], each["participants"], each["reads"]) for each in step["left_out"]]
        for reason, *counts in [*lost, ("", step["participants"], step["reads"])]:
            numbers = [str(number) for each in counts for number in (*each["by_group"].values(), each["total"])]
            rows.append((STEPS[step["step"]], reason.replace("_", " ") or DASH, *numbers))
    return Table(("Step", "Left out before", *head), tuple(rows), words=2)


def _said(step: StepInWords) -> str:
    """Say what a step's boxes say, for those who do not see them: pages have no table of the same numbers."""
    left_out = f"Left out: {'; '.join(step.left_out)}. " if step.left_out else ""
    return f"{left_out}{step.title}: {'; '.join(step.counts)}."


def _placed(steps: Sequence[StepInWords]) -> tuple[list[_Box], list[_Box]]:
    """Place the boxes of the steps below each other, and beside the gap before a step what was left out."""
    main: list[_Box] = []
    beside: list[_Box] = []
    top: float = _TOP
    for step in steps:
        if step.left_out:
            side = _Box(_SIDE, top, _SIDE_WIDTH, _lines("Left out", step.left_out, _SIDE_WIDTH))
            beside.append(side)
            top = side.bottom + _GAP / 2
        main.append(_Box(_LEFT, top, _WIDTH, _lines(step.title, step.counts, _WIDTH)))
        top = main[-1].bottom + _GAP
    return main, beside


def _lines(title: str, lines: Sequence[str], width: float) -> tuple[str, ...]:
    return (title, *(part for line in lines for part in wrapped(line, width - 2 * _PADDING, _SIZE)))


def _drawn(each: _Box, paint: Paint) -> Iterator[str]:
    frame = box(each.left, each.top, each.width, each.height)
    yield path([frame], fill="none", **paint.stroke(MUTED, 1))
    for place, line in enumerate(each.lines):
        y = each.top + _PADDING + _SIZE - 2 + place * _LINE_HEIGHT
        weight = {} if place else {"font_weight": 600}
        yield line_of_text(line, each.left + _PADDING, y, font_size=_SIZE, fill=paint.colour(INK), **weight)


def _arrow_down(above: _Box, below: _Box, paint: Paint) -> Iterator[str]:
    x, end = above.middle, below.top
    yield path([stroke(x, above.bottom, x, end - _ARROW)], **paint.stroke(MUTED, 1))
    head = f"M{x - _ARROW:g} {end - 2 * _ARROW:g}L{x + _ARROW:g} {end - 2 * _ARROW:g}L{x:g} {end:g}Z"
    yield path([head], fill=paint.colour(MUTED))


def _arrow_aside(x: float, side: _Box, paint: Paint) -> Iterator[str]:
    y, end = side.top + side.height / 2, side.left
    yield path([stroke(x, y, end - _ARROW, y)], **paint.stroke(MUTED, 1))
    head = f"M{end - 2 * _ARROW:g} {y - _ARROW:g}L{end - 2 * _ARROW:g} {y + _ARROW:g}L{end:g} {y:g}Z"
    yield path([head], fill=paint.colour(MUTED))
