"""Power against participants per group: simulated shares with their Monte-Carlo intervals, and the closed form."""

from typing import Any

from analysis.figure.by_size import marks, share_points, shares_by_size, sizes
from analysis.figure.palette import ACCENT, INK, MUTED
from analysis.figure.tables import Table
from analysis.stats.result_types.plan import PlanResult
from analysis.words.planning.plan import HEADS, rows


def power(plan: PlanResult) -> dict[str, Any]:
    """Make the plotly dict."""
    plain, strict = "p ≤ 0.05", f"p ≤ 0.05 / {plan['setting']['muscles']}"
    shown = share_points(plan, plain, (size["power"] for size in plan["sizes"]))
    strictly = share_points(plan, strict, (size["power_strict"] for size in plan["sizes"]))
    traces = [
        _closed_form(plan),
        *marks(plan, shown, plain, ACCENT, "circle", aside=-1),
        *marks(plan, strictly, strict, MUTED, "diamond", aside=1),
    ]
    return shares_by_size(plan, traces)


def plan_table(plan: PlanResult) -> Table:
    """Tabulate what a plan says of each size."""
    return Table(HEADS, tuple(map(tuple, rows(plan))), words=0)


def key(plan: PlanResult) -> tuple[str, ...]:
    """Say what the marks are."""
    return (
        f"Points: simulated, of {plan['setting']['data_sets']:,} data sets each; bars: 95 % Monte-Carlo interval;",
        "dotted: the t test of participants’ means, latent and complete, by closed form; "
        f"horizontal line: {plan['target']:g}",
    )


def _closed_form(plan: PlanResult) -> dict[str, Any]:
    return {
        "type": "scatter",
        "x": sizes(plan),
        "y": [size["closed_form_power"] for size in plan["sizes"]],
        "mode": "lines",
        "line": {"color": INK, "width": 1, "dash": "dot"},
        "hoverinfo": "skip",
        "showlegend": False,
    }
