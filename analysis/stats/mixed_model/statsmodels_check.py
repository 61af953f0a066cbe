"""A check by another engine: the models fitted with statsmodels' MixedLM and tested with z.

statsmodels 0.15 treats a variance of 0 as infinite, its optimisers may stop anywhere and say that they converged,
and its standard errors come from the observed Hessian: up to 7e-4 off with unbalanced data, 17 % at a boundary.
So it is never run where a variance is 0, and its answer counts only if its likelihood reaches that of the exact
optimum; what fails is a status with the reason. Where there is nothing to estimate a variance from, least squares
answers, as with the other engine.

`verification` starts MixedLM at the exact optimum and reports by how much the two engines differ.

Importing statsmodels takes over a second, so it is imported where it is used.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.stats.mixed_model.contrast import z_contrast
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.estimates import (
    Fitted,
    MuscleEstimate,
    Refused,
    Solution,
    estimate_each,
    fitted,
    solution,
)
from analysis.stats.mixed_model.long_format import LongFormat, long_format
from analysis.stats.mixed_model.model import Model
from analysis.stats.mixed_model.reml import Fit
from grading.anatomy import MUSCLE_CODES

_WORSE = 1e-4  # log-likelihood by which an optimum may miss the exact one
_FROM_EXACT = "From its own start the optimiser of statsmodels missed the optimum; started at the exact one instead."


@dataclass(frozen=True)
class Verification:
    """Hold the largest differences between the engines; None where no muscle could be verified.

    Standard errors are compared as estimated, without Kenward and Roger's adjustment, which MixedLM has not.

    skipped: the reason, for each muscle that could not be verified.
    """

    engine: str
    max_abs_diff_estimate: float | None
    max_rel_diff_se: float | None
    muscles: tuple[str, ...]
    skipped: dict[str, str]


@dataclass(frozen=True)
class MixedLmFit:
    """Hold statsmodels' fit of a model, and what to note of it."""

    model: Model
    result: Any  # MixedLMResults, of a package that comes without types
    note: str

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Test the muscle's coefficient with z."""
        place = self.model.contrasts[muscle]
        contrast = z_contrast(float(self.result.fe_params[place]), float(self.result.bse_fe[place]))
        return MuscleEstimate("ok", self.note, contrast)


def estimates(model: Model) -> dict[int, MuscleEstimate]:
    """Answer by MixedLM for each muscle with a contrast; least squares and reasons are those of the other engine."""
    if not model.contrasts:
        return {}
    exact = solution(model, "kenward-roger")
    return estimate_each(model, _mixed_lm_solution(model, exact.fit) if isinstance(exact, Fitted) else exact)


def verification(models: list[Model]) -> Verification:
    """Start MixedLM at each model's exact optimum; compare estimates and standard errors."""
    differences: dict[str, tuple[float, float]] = {}
    skipped: dict[str, str] = {}
    for model in models:
        for muscle, found in _verified(model).items():
            if isinstance(found, str):
                skipped[MUSCLE_CODES[muscle]] = found
            else:
                differences[MUSCLE_CODES[muscle]] = found
    estimates, ses = zip(*differences.values(), strict=True) if differences else ((), ())
    return Verification(
        engine="statsmodels",
        max_abs_diff_estimate=max(estimates, default=None),
        max_rel_diff_se=max(ses, default=None),
        muscles=tuple(differences),
        skipped=skipped,
    )


def _verified(model: Model) -> dict[int, tuple[float, float] | str]:
    """For each muscle the absolute difference of estimates and the relative one of standard errors, or a reason."""
    if not model.terms.is_mixed:
        return dict.fromkeys(model.contrasts, "Least squares: there is no variance between participants to verify.")
    try:
        exact = fitted(model)
        result = _mixed_lm(long_format(model), exact, from_exact=True)
    except NotEstimableError as reason:
        return dict.fromkeys(model.contrasts, str(reason))
    found: dict[int, tuple[float, float] | str] = {}
    for muscle in model.contrasts:
        L = model.contrast_vector(muscle)
        estimate, se = L @ exact.beta * model.unit, np.sqrt(L @ exact.covariance @ L) * model.unit
        place = model.contrasts[muscle]
        found[muscle] = (
            float(abs(result.fe_params[place] - estimate)),
            float(abs(result.bse_fe[place] / se - 1)),
        )
    return found


def _mixed_lm_solution(model: Model, exact: Fit) -> Solution:
    """MixedLM from its own start, or where that fails from the exact optimum."""
    rows = long_format(model)
    try:
        return MixedLmFit(model, _mixed_lm(rows, exact, from_exact=False), note="")
    except NotEstimableError:
        pass
    try:
        return MixedLmFit(model, _mixed_lm(rows, exact, from_exact=True), note=_FROM_EXACT)
    except NotEstimableError as reason:
        return Refused(str(reason))


def _mixed_lm(rows: LongFormat, exact: Fit, from_exact: bool) -> Any:
    """statsmodels' fit (MixedLMResults).

    Raises:
        NotEstimableError: it was not run, it failed, or it did not reach the optimum.
    """
    if exact.at_zero.any():
        raise NotEstimableError("statsmodels was not run: a variance is estimated as 0, which it takes for infinite.")
    from statsmodels.regression.mixed_linear_model import MixedLM, MixedLMParams

    ratios = exact.variances[1:] / exact.variances[0]
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what they warn of is judged below
        mixed = MixedLM(rows.y, rows.X, rows.participant, exog_re=np.ones((len(rows.y), 1)), exog_vc=_cells(rows))
        optimum = MixedLMParams.from_components(exact.beta, cov_re=ratios[-1:, None], vcomp=ratios[:-1])
        start = {"start_params": optimum, "gtol": 1e-8} if from_exact else {}
        try:
            result = mixed.fit(reml=True, method="bfgs", **start)
            missed = mixed.loglike(optimum) - mixed.loglike(result.params_object)
        except (np.linalg.LinAlgError, ArithmeticError, ValueError) as error:
            raise NotEstimableError(f"statsmodels failed: {error}") from error
    if not missed < _WORSE:
        raise NotEstimableError("statsmodels did not reach the optimum: its optimiser stopped short of it.")
    if not (np.isfinite(result.bse_fe).all() and np.isfinite(result.fe_params).all()):
        raise NotEstimableError("statsmodels gave no standard error.")
    return result


def _cells(rows: LongFormat) -> Any:
    """Participant × muscle as a variance component: an indicator matrix for each participant."""
    if rows.cell is None:
        return None
    from statsmodels.regression.mixed_linear_model import VCSpec

    starts = np.flatnonzero(np.diff(rows.participant, prepend=-1))
    mats = [(own[:, None] == np.unique(own)).astype(float) for own in np.split(rows.cell, starts[1:])]
    names = [[f"cell {column}" for column in range(mat.shape[1])] for mat in mats]
    return VCSpec(["muscle"], [names], [mats])
