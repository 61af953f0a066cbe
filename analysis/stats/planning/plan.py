"""A plan as plain values: what was assumed, what simulation and closed forms say, and how many participants suffice."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import cast

from analysis.stats.planning.closed_forms import POWER, power_of_means, units_for_bound, units_for_width
from analysis.stats.planning.setting import LEVEL, Setting
from analysis.stats.planning.simulation import Share, Size, simulate
from analysis.stats.result_types.plan import PlannedShare, PlanResult, PlanSetting, PlanSize

WIDTH = 0.2  # of an ICC's interval, for the closed form


def plan(setting: Setting, told: Callable[[int, int], None] = lambda done, total: None) -> PlanResult:
    """Simulate a setting and put the closed forms beside it; ``told`` as in ``simulation.simulate``."""
    return planned(setting, simulate(setting, told))


def planned(setting: Setting, sizes: Sequence[Size]) -> PlanResult:
    """Put the closed forms beside what was simulated."""
    return {
        "setting": cast(PlanSetting, asdict(setting) | {"participants": list(setting.participants)}),
        "sizes": [_size(setting, size) for size in sizes],
        "target": POWER,
        "needed": {
            "power": _needed(sizes, [size.power for size in sizes]),
            "power_strict": _needed(sizes, [size.strict_power for size in sizes]),
            "icc": _needed(sizes, [size.icc for size in sizes]),
            "kappa_quadratic": _needed(sizes, [size.kappa for size in sizes]),
        },
        "latent_icc": setting.icc,
        "units_for_bound": units_for_bound(setting.icc, setting.bound, setting.readers),
        "units_for_width": units_for_width(setting.icc, WIDTH, setting.readers),
    }


def _size(setting: Setting, size: Size) -> PlanSize:
    return {
        "participants_per_group": size.participants,
        "power": _plain(size.power),
        "power_strict": _plain(size.strict_power),
        "closed_form_power": power_of_means(setting, size.participants, LEVEL),
        "width": size.width,
        "width_se": size.width_se,
        "unanswered": _plain(size.unanswered),
        "icc_above_bound": _plain(size.icc) if size.icc else None,
        "kappa_above_bound": _plain(size.kappa) if size.kappa else None,
    }


def _plain(share: Share) -> PlannedShare:
    return {"value": share.value, "se": share.se, "ci_low": share.ci_low, "ci_high": share.ci_high}


def _needed(sizes: Sequence[Size], shares: Sequence[Share | None]) -> int | None:
    """Find the smallest size that, with all larger ones, reaches the target; None where the largest does not."""
    found = None
    for size, share in reversed(list(zip(sizes, shares, strict=True))):
        if share is None or share.value < POWER:
            break
        found = size.participants
    return found
