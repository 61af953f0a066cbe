"""What a plan of a study assumes and finds (`analysis.stats.planning`)."""

from typing import TypedDict


class PlanSetting(TypedDict):
    """What a plan assumes (`analysis.stats.planning.setting.Setting`)."""

    participants: list[int]
    readers: int
    sides: int
    missing: float
    level: float
    difference: float
    participant: float
    reader: float
    side: float
    residual: float
    muscles: int
    bound: float
    data_sets: int
    seed: int


class PlannedShare(TypedDict):
    """A share of simulated data sets, with its Monte-Carlo standard error and 95 % interval."""

    value: float
    se: float
    ci_low: float
    ci_high: float


class PlanSize(TypedDict):
    """What groups of a size bring (`analysis.stats.planning.simulation.Size`)."""

    participants_per_group: int
    power: PlannedShare
    power_strict: PlannedShare
    closed_form_power: float
    width: float | None
    width_se: float | None
    unanswered: PlannedShare
    icc_above_bound: PlannedShare | None
    kappa_above_bound: PlannedShare | None


class PlanNeeded(TypedDict):
    """The smallest of the sizes that reaches the target, None where none does."""

    power: int | None
    power_strict: int | None
    icc: int | None
    kappa_quadratic: int | None


class PlanResult(TypedDict):
    """A plan (`analysis.stats.planning.plan`)."""

    setting: PlanSetting
    sizes: list[PlanSize]
    target: float
    needed: PlanNeeded
    latent_icc: float
    units_for_bound: int | None
    units_for_width: int | None
