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
from analysis.stats.mixed_model.model import Answer, Model, answers, contrast_vector
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
    alone, together = _asked(models), _asked(joint.models(observed, _GROUPS)[0])
    contrasts = [
        _contrasts(alone, _wald_z),
        _contrasts(alone, _satterthwaite),
        _contrasts(alone, _kenward_roger),
        _contrasts(together, _satterthwaite),
        _contrasts(together, _kenward_roger),
        _welch(observed.means),
    ]
    p, low, high = (
        np.array([[getattr(contrast, number, np.nan) for contrast in row] for row in contrasts])
        for number in ("p", "ci_low", "ci_high")
    )
    raw, max_t = _permuted(observed, np.flatnonzero(~np.isnan(p[DEFAULT])), permutations)
    statuses = refused | {muscle: answer for _, muscle, answer in alone}
    return Outcome(
        p=np.vstack([p, raw]),
        low=low,
        high=high,
        least_p=np.array([_least(p[DEFAULT]), _least(p[DEFAULT], holm), _least(max_t)]),
        status=tuple(statuses[muscle].status for muscle in range(len(MUSCLE_CODES))),
        is_joint_boundary=any(answer.status == "boundary" for _, _, answer in together),
    )


Asked = list[tuple[Model, int, Answer]]


def _asked(models: list[Model]) -> Asked:
    """Each model with the muscles that it answers for; the answers carry the fit."""
    return [(model, muscle, answer) for model in models for muscle, answer in answers(model, "kenward-roger").items()]


def _contrasts(asked: Asked, test: Callable[[Model, int, Answer], Contrast]) -> list[Contrast | None]:
    """The test of every muscle, None where there is none. Where no variance was estimated, least squares stands."""
    found: list[Contrast | None] = [None] * len(MUSCLE_CODES)
    for model, muscle, answer in asked:
        try:
            found[muscle] = test(model, muscle, answer) if answer.fit else answer.contrast
        except NotEstimableError:
            continue
    return found


def _kenward_roger(model: Model, muscle: int, answer: Answer) -> Contrast:
    return answer.contrast


def _satterthwaite(model: Model, muscle: int, answer: Answer) -> Contrast:
    L = contrast_vector(model, muscle)
    se, df = satterthwaite(answer.fit, L)
    return t_contrast(L @ answer.fit.beta, se, df, "satterthwaite", model.unit)


def _wald_z(model: Model, muscle: int, answer: Answer) -> Contrast:
    L, fit = contrast_vector(model, muscle), answer.fit
    return z_contrast(L @ fit.beta * model.unit, np.sqrt(L @ fit.covariance @ L) * model.unit)


def _welch(means: np.ndarray) -> list[Contrast | None]:
    """Welch's t test of participants' means (2 participants, 11), muscle by muscle."""
    found = []
    for muscle in means.T:
        groups = [group[~np.isnan(group)] for group in (muscle[0::2], muscle[1::2])]
        try:
            found.append(_welch_of(*groups))
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
        present = ~np.isnan(observed.means).all(axis=1)
        p = permutation_p(means[present], np.flatnonzero(present) % 2 == 1, permutations)
        raw[family], max_t[family] = p.raw, p.max_t
    return raw, max_t


def _least(p: np.ndarray, adjust: Callable[[list[float]], list[float]] = list) -> float:
    known = p[~np.isnan(p)].tolist()
    return min(adjust(known)) if known else np.nan
