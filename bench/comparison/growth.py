"""Seconds against participants as an SVG, both logarithmic, for light and dark pages."""

from math import ceil, floor, log10

from bench.comparison.cohort import LME4, LMERTEST, OURS, PBKRTEST, STATSMODELS, Measured

WIDTH, HEIGHT = 760, 460
LEFT, RIGHT, TOP, BOTTOM = 70, 210, 50, 56  # margins; names stand in the right one
LINES = (  # class, model, engine, name
    ("ours", "per_muscle", OURS, "thighsite, per muscle"),
    ("ours joint", "joint", OURS, "thighsite, joint"),
    ("r", "per_muscle", LMERTEST, "lmerTest, per muscle"),
    ("r joint", "joint", LME4, "lme4, joint, fit alone"),
    ("exact", "per_muscle", PBKRTEST, "pbkrtest, per muscle"),
    ("statsmodels", "per_muscle", STATSMODELS, "statsmodels, per muscle"),
)
STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #1b1b1b }
  .title { font-size: 15px; font-weight: 600 }
  .page { fill: #ffffff } .grid { stroke: #d8d8d8 }
  .line { fill: none; stroke-width: 2.5 } .joint { stroke-dasharray: 7 4 }
  .ours { stroke: #0072b2; fill: #0072b2 } .r { stroke: #b84a00; fill: #b84a00 }
  .exact { stroke: #8a4f7d; fill: #8a4f7d } .statsmodels { stroke: #00755a; fill: #00755a }
  .line.line { fill: none } .name { stroke: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #ececec } .page { fill: #16191d } .grid { stroke: #3c4148 }
    .ours { stroke: #56b4e9; fill: #56b4e9 } .r { stroke: #ff9a4d; fill: #ff9a4d }
    .exact { stroke: #dd9fcb; fill: #dd9fcb } .statsmodels { stroke: #3fd0a4; fill: #3fd0a4 }
    .name { stroke: none }
  }
"""

Point = tuple[float, float]


def growth(cohorts: list[Measured]) -> str:
    """The plot, of the complete cohorts."""
    complete = [cohort for cohort in cohorts if not cohort.missing]
    series = {line: _points(complete, *line[1:3]) for line in LINES}
    series = {line: points for line, points in series.items() if points}
    scale = _Scale([point for points in series.values() for point in points])
    label = "Seconds per comparison against participants, both on logarithmic scales"
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">',
            f"<style>{STYLE}</style>",
            f'<rect class="page" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
            f'<text class="title" x="{LEFT}" y="28">Seconds per comparison, 11 muscles × 3 readers</text>',
            *_axes(scale, [cohort.participants for cohort in complete]),
            *(_line(scale, line[0], points) for line, points in series.items()),
            *_names(scale, series),
            "</svg>\n",
        ]
    )


class _Scale:
    """Participants and seconds to places in the picture."""

    def __init__(self, points: list[Point]) -> None:
        self.x = [log10(min(x for x, _ in points)), log10(max(x for x, _ in points))]
        self.y = [floor(log10(min(y for _, y in points))), ceil(log10(max(y for _, y in points)))]

    def __call__(self, point: Point) -> Point:
        x = (log10(point[0]) - self.x[0]) / ((self.x[1] - self.x[0]) or 1)
        y = (log10(point[1]) - self.y[0]) / (self.y[1] - self.y[0])
        return LEFT + x * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - y * (HEIGHT - TOP - BOTTOM)


def _points(cohorts: list[Measured], model: str, engine: str) -> list[Point]:
    timed = [(cohort.participants, getattr(cohort, model).get(engine)) for cohort in cohorts]
    return [(participants, seconds.wall) for participants, seconds in timed if seconds]


def _axes(scale: _Scale, participants: list[int]) -> list[str]:
    drawn = []
    for power in range(scale.y[0], scale.y[1] + 1):
        y = scale((participants[0], 10.0**power))[1]
        drawn.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        drawn.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    for count in participants:
        x = scale((count, 1))[0]
        drawn.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{count:,}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    return [*drawn, f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">participants</text>']


def _line(scale: _Scale, kind: str, points: list[Point]) -> str:
    places = [scale(point) for point in points]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in places)
    return f'<polyline class="line {kind}" points="{path}"/><g class="{kind.split()[0]}">{dots}</g>'


def _names(scale: _Scale, series: dict[tuple[str, str, str, str], list[Point]]) -> list[str]:
    """Each line's name: beside its end, moved down where it would stand on another; above the end of a shorter one."""
    drawn, free = [], 0.0
    ends = sorted((scale(points[-1])[1], scale(points[-1])[0], line) for line, points in series.items())
    for y, x, (kind, _, _, name) in ends:
        if x < WIDTH - RIGHT:
            drawn.append(_name(kind, name, x, y - 10, "end"))
            continue
        place = max(y + 4, free)
        free = place + 17
        drawn.append(_name(kind, name, x + 10, place, "start"))
    return drawn


def _name(kind: str, name: str, x: float, y: float, anchor: str) -> str:
    return f'<text class="name {kind.split()[0]}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{name}</text>'
