"""Agreement above a bound against participants per group: simulated shares with their Monte-Carlo intervals."""

from typing import Any

from analysis.figure.by_size import marks, share_points, shares_by_size
from analysis.figure.palette import ACCENT, MUTED
from analysis.stats.result_types.plan import PlanResult
from analysis.words.notation import number


def bound(plan: PlanResult) -> dict[str, Any]:
    """Make the plotly dict, which of one reader is empty."""
    icc = share_points(plan, "ICC(2,1)", (size["icc_above_bound"] for size in plan["sizes"]))
    kappa = share_points(plan, "weighted kappa", (size["kappa_above_bound"] for size in plan["sizes"]))
    traces = [
        *marks(plan, icc, "ICC(2,1)", ACCENT, "circle", aside=-1),
        *marks(plan, kappa, "weighted kappa", MUTED, "diamond", aside=1),
    ]
    return shares_by_size(plan, traces)


def bound_key(plan: PlanResult) -> tuple[str, ...]:
    """Say what the marks are."""
    return (
        f"Points: share of {plan['setting']['data_sets']:,} simulated data sets whose 95 % interval lies above "
        f"{number(plan['setting']['bound'])};",
        f"bars: 95 % Monte-Carlo interval; horizontal line: {plan['target']:g}",
    )
