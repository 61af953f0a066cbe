"""Every test of one data set: each model is fitted once, and all its tests are made from that fit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.holm import holm
from analysis.stats.mixed_model import joint, per_muscle
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.mixed_model.contrast import Contrast, t_contrast, z_contrast
from analysis.stats.mixed_model.degrees_of_freedom import satterthwaite
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.estimates import MuscleEstimate, estimates
from analysis.stats.mixed_model.model import Model
from analysis.stats.permutation import permutation_p
from grading.anatomy import MUSCLE_CODES

METHODS = (
    "per muscle, Wald z",
    "per muscle, Satterthwaite",
    "per muscle, Kenward–Roger",
    "joint, Satterthwaite",
    "joint, Kenward–Roger",
    "Welch t on participant means",
    "permutation",
)
DEFAULT = METHODS.index("per muscle, Kenward–Roger")
FAMILIES = ("unadjusted", "Holm", "max-T")
_GROUPS = ("reference", "compared")


@dataclass(frozen=True)
class Outcome:
    """What the methods say of one data set; NaN where a method has no answer.

    p, low, high: (methods, 11) two-sided p values and limits of the 95 % intervals.
    least_p: (families,) the least p value of all muscles: unadjusted and Holm of the default, max-T of permutations.
    status: (11,) of the default.
    is_joint_boundary: a variance of the joint model is estimated as 0.
    """

    p: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least_p: np.ndarray
    status: tuple[str, ...]
    is_joint_boundary: bool


def outcome(observed: Observations, permutations: int) -> Outcome:
    """All tests of a data set; without permutations, these p values are NaN."""
    models, refused = per_muscle.models(observed, _GROUPS)
    alone, together = _estimates(models), _estimates(joint.models(observed, _GROUPS)[0])
    contrasts = [
        _contrasts(alone, _wald_z),
        _contrasts(alone, _satterthwaite),
        _contrasts(alone, _kenward_roger),
        _contrasts(together, _satterthwaite),
        _contrasts(together, _kenward_roger),
        _welch(observed),
    ]
    p, low, high = (
        np.array([[getattr(contrast, number, np.nan) for contrast in row] for row in contrasts])
        for number in ("p", "ci_low", "ci_high")
    )
    raw, max_t = _permuted(observed, np.flatnonzero(~np.isnan(p[DEFAULT])), permutations)
    statuses = refused | {muscle: estimate for _, muscle, estimate in alone}
    return Outcome(
        p=np.vstack([p, raw]),
        low=low,
        high=high,
        least_p=np.array([_least(p[DEFAULT]), _least(p[DEFAULT], holm), _least(max_t)]),
        status=tuple(statuses[muscle].status for muscle in range(len(MUSCLE_CODES))),
        is_joint_boundary=any(estimate.status == "boundary" for _, _, estimate in together),
    )


Estimates = list[tuple[Model, int, MuscleEstimate]]


def _estimates(models: list[Model]) -> Estimates:
    """Each model with the muscles that it answers for; the estimates carry the fit."""
    return [
        (model, muscle, estimate) for model in models for muscle, estimate in estimates(model, "kenward-roger").items()
    ]


def _contrasts(found_by: Estimates, test: Callable[[Model, int, MuscleEstimate], Contrast]) -> list[Contrast | None]:
    """The test of every muscle, None where there is none. Where no variance was estimated, least squares stands."""
    found: list[Contrast | None] = [None] * len(MUSCLE_CODES)
    for model, muscle, estimate in found_by:
        try:
            found[muscle] = test(model, muscle, estimate) if estimate.fit else estimate.contrast
        except NotEstimableError:
            continue
    return found


def _kenward_roger(model: Model, muscle: int, estimate: MuscleEstimate) -> Contrast:
    return estimate.contrast


def _satterthwaite(model: Model, muscle: int, estimate: MuscleEstimate) -> Contrast:
    L = model.contrast_vector(muscle)
    se, df = satterthwaite(estimate.fit, L)
    return t_contrast(L @ estimate.fit.beta, se, df, "satterthwaite", model.unit)


def _wald_z(model: Model, muscle: int, estimate: MuscleEstimate) -> Contrast:
    L, fit = model.contrast_vector(muscle), estimate.fit
    return z_contrast(L @ fit.beta * model.unit, np.sqrt(L @ fit.covariance @ L) * model.unit)


def _welch(observed: Observations) -> list[Contrast | None]:
    """Welch's t test of participants' means, muscle by muscle."""
    found: list[Contrast | None] = []
    for muscle in range(len(MUSCLE_CODES)):
        try:
            found.append(_welch_of(*observed.means_by_group(muscle)))
        except NotEstimableError:
            found.append(None)
    return found


def _welch_of(reference: np.ndarray, compared: np.ndarray) -> Contrast:
    degrees = np.array([len(reference) - 1, len(compared) - 1])
    squared = np.array([reference.var(ddof=1), compared.var(ddof=1)]) / (degrees + 1)
    with np.errstate(invalid="ignore"):
        df = squared.sum() ** 2 / (squared**2 / degrees).sum()
    return t_contrast(compared.mean() - reference.mean(), np.sqrt(squared.sum()), df, "welch")


def _permuted(observed: Observations, family: np.ndarray, permutations: int) -> tuple[np.ndarray, np.ndarray]:
    """(11,) raw and max-T p values of the family's muscles, as `analysis.stats.comparison` makes them."""
    raw, max_t = np.full((2, len(MUSCLE_CODES)), np.nan)
    if permutations and len(family):
        means = np.column_stack([adjusted_means(observed, muscle) for muscle in family])
        is_graded = observed.row_is_graded
        p = permutation_p(means[is_graded], observed.row_is_compared[is_graded], permutations)
        raw[family], max_t[family] = p.raw, p.max_t
    return raw, max_t


def _least(p: np.ndarray, adjust: Callable[[list[float]], list[float]] = list) -> float:
    known = p[~np.isnan(p)].tolist()
    return min(adjust(known)) if known else np.nan
