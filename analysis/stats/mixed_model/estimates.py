"""What a model says of each muscle's group difference: by restricted maximum likelihood, or where needed least squares.

Whatever stands in the way of an estimate becomes a status with its reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model import least_squares, reml
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.mixed_model.contrast import Contrast, t_contrast
from analysis.stats.mixed_model.degrees_of_freedom import kenward_roger, satterthwaite
from analysis.stats.mixed_model.estimability import (
    SEPARATED,
    NoResidualVarianceError,
    NoStandardErrorError,
    NotEstimableError,
    VariancesAlikeError,
)
from analysis.stats.mixed_model.model import MUSCLES, PARTICIPANTS, Model
from analysis.stats.result_types.codes import DfMethod, Method, MuscleStatus

DF_METHODS: dict[DfMethod, Callable[[reml.Fit, np.ndarray], tuple[float, float]]] = {
    "kenward-roger": kenward_roger,
    "satterthwaite": satterthwaite,
}
_METHODS: dict[DfMethod, Method] = {"kenward-roger": "kenward_roger", "satterthwaite": "satterthwaite"}

ALIKE = 1e-9  # grade points between means that are equal but for rounding
_BETWEEN = {PARTICIPANTS: "participants", MUSCLES: "participants' muscles"}
_ON_MEANS = (
    "The reads of a participant never differ here, or only by a constant for each reader or side; "
    "the model was therefore fitted to participants' means, by least squares."
)
_NOT_ADJUSTED = (
    "They are not adjusted for the readers (or sides), who differ and did not grade every participant alike."
)
_WHATEVER_THE_SPLIT = (
    "Too few repeated reads to tell variation between participants from that between reads; "
    "every split gives the same answer, that of least squares on grades."
)


@dataclass(frozen=True)
class MuscleEstimate:
    """Hold what a model says of one muscle: numbers, or the reason for having none.

    status: ok, boundary, separated or not_estimable (then contrast is None).
    fit: the REML optimum behind the contrast, where there is one; in units of the scaled response.
    difference: of the groups' scores where they are separated, which no model says anything of.
    """

    status: MuscleStatus
    note: str
    contrast: Contrast | None
    fit: reml.Fit | None = None
    difference: float | None = None


class Solution(Protocol):
    """A way to answer for every muscle of a model, found once for all of them."""

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Answer for one muscle with a contrast. Raises NotEstimableError where there is no answer."""
        ...


@dataclass(frozen=True)
class Fitted:
    """The REML optimum, tested with ``df_method``."""

    model: Model
    fit: reml.Fit
    df_method: DfMethod

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Test the muscle's coefficient."""
        L = self.model.contrast_vector(muscle)
        se, df = DF_METHODS[self.df_method](self.fit, L)
        contrast = t_contrast(float(L @ self.fit.beta), se, df, _METHODS[self.df_method], self.model.unit)
        if not self.fit.at_zero[1:].any():
            return MuscleEstimate("ok", "", contrast, self.fit)
        return MuscleEstimate("boundary", self._boundary_note(), contrast, self.fit)

    def _boundary_note(self) -> str:
        is_zero = self.fit.at_zero[1:]
        at_zero = [_BETWEEN[name] for name, zero in zip(self.model.terms.random, is_zero, strict=True) if zero]
        note = f"The variance between {' and between '.join(at_zero)} is estimated as 0 (singular fit)"
        if self.df_method == "kenward-roger":
            return f"{note}; this is the Kenward–Roger answer at that boundary."
        return f"{note}, where Satterthwaite's degrees of freedom jump: prefer Kenward–Roger or the permutation p."


@dataclass(frozen=True)
class LeastSquaresOnGrades:
    """Least squares on the grades: each participant has one."""

    model: Model

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Test the muscle's coefficient."""
        return MuscleEstimate("ok", "", _on_grades(self.model, muscle))


@dataclass(frozen=True)
class LeastSquaresOnMeans:
    """Least squares on participants' means: within participants nothing varies."""

    model: Model

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Test the difference of the groups' means, and note whether readers or sides may be behind it."""
        observed = self.model.observed
        adjustment = observed.means[:, muscle] - adjusted_means(observed, muscle)
        is_alike = np.nanmax(adjustment) - np.nanmin(adjustment) < 1e-9 * self.model.unit
        note = _ON_MEANS if is_alike else f"{_ON_MEANS} {_NOT_ADJUSTED}"
        return MuscleEstimate("boundary", note, self._of_means(muscle))

    def _of_means(self, muscle: int) -> Contrast:
        observed = self.model.observed
        if not self.model.covariates.shape[1]:
            return least_squares.of_means(*observed.means_by_group(muscle))
        graded = ~np.isnan(observed.means[:, muscle])
        return least_squares.of_adjusted_means(
            observed.means[graded, muscle], observed.row_is_compared[graded], self.model.covariates[graded]
        )


@dataclass(frozen=True)
class WhateverTheSplit:
    """Least squares on grades, for a model whose likelihood is flat, if generalised least squares always agrees."""

    model: Model

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Test the muscle's coefficient.

        Raises:
            VariancesAlikeError: estimates differ between ratios of the variances.
        """
        L = self.model.contrast_vector(muscle)
        splits = np.array([reml.at_ratio(self.model.statistics, L, ratio) for ratio in (0.0, 1.0, 100.0)])
        if not np.allclose(splits, splits[0], rtol=1e-7, atol=1e-9):
            raise VariancesAlikeError
        return MuscleEstimate("ok", _WHATEVER_THE_SPLIT, _on_grades(self.model, muscle))


@dataclass(frozen=True)
class Refused:
    """The reason why a model answers for no muscle."""

    reason: str

    def estimate(self, muscle: int) -> MuscleEstimate:
        """Give the reason, whichever the muscle."""
        return not_estimable(self.reason)


def not_estimable(reason: str) -> MuscleEstimate:
    """Put a reason in the place of an estimate."""
    return MuscleEstimate("not_estimable", reason, None)


def without_standard_error(observed: Observations, muscle: int) -> MuscleEstimate:
    """Give the groups' difference where all participants of a group score alike and the groups differ."""
    groups = observed.means_by_group(muscle)
    difference = float(groups[1].mean() - groups[0].mean())
    if any(np.ptp(means) > ALIKE for means in groups) or abs(difference) <= ALIKE:
        return not_estimable(str(NoStandardErrorError()))
    return MuscleEstimate("separated", SEPARATED, None, difference=difference)


def estimates(model: Model, df_method: DfMethod) -> dict[int, MuscleEstimate]:
    """Answer for each muscle with a contrast.

    Raises:
        KeyError: an unknown degrees-of-freedom method.
    """
    return estimate_each(model, solution(model, df_method)) if model.contrasts else {}


def estimate_each(model: Model, solution: Solution) -> dict[int, MuscleEstimate]:
    """Ask a solution for each muscle with a contrast; a muscle that it refuses has the reason."""
    found = {}
    for muscle in model.contrasts:
        try:
            found[muscle] = solution.estimate(muscle)
        except NoStandardErrorError:
            found[muscle] = without_standard_error(model.observed, muscle)
        except NotEstimableError as reason:
            found[muscle] = not_estimable(str(reason))
    return found


def solution(model: Model, df_method: DfMethod) -> Solution:
    """Fit the model once, or find out what takes the fit's place."""
    if not model.terms.is_mixed:
        return LeastSquaresOnGrades(model)
    try:
        return Fitted(model, fitted(model), df_method)
    except NoResidualVarianceError:
        return LeastSquaresOnMeans(model)
    except VariancesAlikeError:
        return WhateverTheSplit(model)
    except NotEstimableError as reason:
        return Refused(str(reason))


def fitted(model: Model) -> reml.Fit:
    """Find the REML optimum of a model with random effects.

    Raises:
        NotEstimableError: and its kinds, as `reml.fit` does, or for want of residual degrees of freedom.
    """
    if model.statistics.n <= model.statistics.p:
        raise NotEstimableError("No residual degrees of freedom: the model has as many parameters as there are grades.")
    try:
        return reml.fit(model.statistics)
    except np.linalg.LinAlgError as error:
        raise NotEstimableError("The equations of the model could not be solved numerically.") from error


def _on_grades(model: Model, muscle: int) -> Contrast:
    return least_squares.of_grades(model.statistics, model.contrast_vector(muscle), model.unit)
