"""A second opinion: the same models by statsmodels' MixedLM, tested with z.

statsmodels 0.15 treats a variance of 0 as infinite, its optimisers may stop anywhere and say that they converged,
and its standard errors come from the observed Hessian: up to 7e-4 off with unbalanced data, 17 % at a boundary.
So it is never run where a variance is 0, and its answer counts only if its likelihood reaches that of the exact
optimum; what fails is a status with the reason. Where there is nothing to estimate a variance from, least squares
answers, as with the other engine.

`verification` starts MixedLM at the exact optimum and reports by how much the two engines differ.

Importing statsmodels takes over a second, so it is imported where it is used.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model import model as exactly
from analysis.stats.mixed_model.contrast import z_contrast
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.long_format import Rows, rows_of
from analysis.stats.mixed_model.model import Answer, Model, answered, contrast_vector, fitted, not_estimable
from analysis.stats.mixed_model.reml import Fit
from grading.anatomy import MUSCLE_CODES

_WORSE = 1e-4  # log-likelihood by which an optimum may miss the exact one
_FROM_EXACT = "From its own start the optimiser of statsmodels missed the optimum; started at the exact one instead."


@dataclass(frozen=True)
class Verification:
    """Largest differences between the engines; None where no muscle could be verified.

    Standard errors are compared as estimated, without Kenward and Roger's adjustment, which MixedLM has not.

    skipped: the reason, for each muscle that could not be verified.
    """

    engine: str
    max_abs_diff_estimate: float | None
    max_rel_diff_se: float | None
    muscles: tuple[str, ...]
    skipped: dict[str, str]


def answers(model: Model) -> dict[int, Answer]:
    """MixedLM's answer for each muscle with a contrast."""
    try:
        exact = fitted(model) if model.terms.is_mixed else None
    except NotEstimableError:
        exact = None
    if exact is None:  # least squares, or a reason, whichever the engine
        return exactly.answers(model, "kenward-roger")
    return _for_each(model, lambda: _second_fit(model, exact))


def verification(models: list[Model]) -> Verification:
    """Start MixedLM at each model's exact optimum; compare estimates and standard errors."""
    differences, skipped = {}, {}
    for model in models:
        for muscle, answer in _verified(model).items():
            if isinstance(answer, str):
                skipped[MUSCLE_CODES[muscle]] = answer
            else:
                differences[MUSCLE_CODES[muscle]] = answer
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
        result = _mixed_lm(rows_of(model), exact, from_exact=True)
    except NotEstimableError as reason:
        return dict.fromkeys(model.contrasts, str(reason))
    found = {}
    for muscle in model.contrasts:
        L = contrast_vector(model, muscle)
        estimate, se = L @ exact.beta * model.unit, np.sqrt(L @ exact.covariance @ L) * model.unit
        place = model.contrasts[muscle]
        found[muscle] = (
            float(abs(result.fe_params[place] - estimate)),
            float(abs(result.bse_fe[place] / se - 1)),
        )
    return found


def _for_each(model: Model, fit: Callable) -> dict[int, Answer]:
    try:
        result, note = fit()
    except NotEstimableError as reason:
        return dict.fromkeys(model.contrasts, not_estimable(str(reason)))
    return {
        muscle: answered(lambda place=place: _z_answer(result, place, note))
        for muscle, place in model.contrasts.items()
    }


def _z_answer(result, place: int, note: str) -> Answer:
    return Answer("ok", note, z_contrast(float(result.fe_params[place]), float(result.bse_fe[place])))


def _second_fit(model: Model, exact: Fit):
    """MixedLM from its own start, or where that fails from the exact optimum; and what to note of it."""
    rows = rows_of(model)
    try:
        return _mixed_lm(rows, exact, from_exact=False), ""
    except NotEstimableError:
        return _mixed_lm(rows, exact, from_exact=True), _FROM_EXACT


def _mixed_lm(rows: Rows, exact: Fit, from_exact: bool):
    """statsmodels' fit.

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


def _cells(rows: Rows):
    """Participant × muscle as a variance component: an indicator matrix for each participant."""
    if rows.cell is None:
        return None
    from statsmodels.regression.mixed_linear_model import VCSpec

    starts = np.flatnonzero(np.diff(rows.participant, prepend=-1))
    mats = [(own[:, None] == np.unique(own)).astype(float) for own in np.split(rows.cell, starts[1:])]
    names = [[f"cell {column}" for column in range(mat.shape[1])] for mat in mats]
    return VCSpec(["muscle"], [names], [mats])
