"""A linear mixed model of one muscle or of all, and what it says of each group difference.

`per_muscle` and `joint` build the model; here it is answered. Whatever stands in the way of an
answer becomes a status with its reason.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model import least_squares, reml
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.mixed_model.contrast import Contrast, t_contrast
from analysis.stats.mixed_model.degrees_of_freedom import kenward_roger, satterthwaite
from analysis.stats.mixed_model.estimability import NoResidualVarianceError, NotEstimableError, VariancesAlikeError
from analysis.stats.mixed_model.sufficient_statistics import Sufficient, estimable, independent_columns
from analysis.stats.result_types import DfMethod, Method, RandomEffect, Status

DF_METHODS: dict[DfMethod, Callable[[reml.Fit, np.ndarray], tuple[float, float]]] = {
    "kenward-roger": kenward_roger,
    "satterthwaite": satterthwaite,
}
_METHODS: dict[DfMethod, Method] = {"kenward-roger": "kenward_roger", "satterthwaite": "satterthwaite"}

# What variances are between, as R's notation has it.
PARTICIPANTS: Final = "participant"
MUSCLES: Final = "participant:muscle"

_BETWEEN = {PARTICIPANTS: "participants", MUSCLES: "participants' muscles"}
_ON_MEANS = (
    "A participant's grades never differ between reads, or only by a constant per reader or side: "
    "least squares on participants' means."
)
_NOT_ADJUSTED = (
    "They are not adjusted for the readers (or sides), who differ and did not grade every participant alike."
)
_WHATEVER_THE_SPLIT = (
    "Too few repeated reads to tell variation between participants from that between reads; "
    "every split gives the same answer, that of least squares on grades."
)


@dataclass(frozen=True)
class Terms:
    """Tell which terms a model has beside the groups that it compares.

    readers, sides: whether it has fixed effects of them.
    random: what its variances besides the residual one are between (`PARTICIPANTS`, `MUSCLES`), in the order in which
        a fit has them; empty where least squares answers, since each participant has one grade.
    """

    readers: bool
    sides: bool
    random: tuple[RandomEffect, ...]

    @property
    def is_mixed(self) -> bool:
        """Say whether the model has a random effect."""
        return bool(self.random)

    def formula(self, fixed: str) -> str:
        """Write the model in R's notation, after its fixed effects of muscles and groups."""
        effects = [name for name, has in (("reader", self.readers), ("side", self.sides)) if has]
        random = [f"(1 | {name})" for name in (PARTICIPANTS, MUSCLES) if name in self.random]
        return f"score ~ {' + '.join([fixed, *effects, *random])}"


@dataclass(frozen=True)
class Model:
    """A model ready to be fitted: X of full column rank, response centred per muscle and scaled.

    observed: the observations that the model is of.
    muscles: positions of the modelled muscles in the paper's order.
    contrasts: for each muscle to answer for, the position of its group difference in X.
    statistics: of W = [X y].
    columns: (p,) which of the design's columns X keeps.
    readers, sides: levels that the design tells apart.
    terms: which of readers, sides and random effects it has.
    unit: of the response, in grade points.
    formula: in R's notation.
    """

    observed: Observations
    muscles: tuple[int, ...]
    contrasts: dict[int, int]
    statistics: Sufficient
    columns: np.ndarray
    readers: np.ndarray
    sides: np.ndarray
    terms: Terms
    unit: float
    formula: str


@dataclass(frozen=True)
class Answer:
    """What a model says of one muscle: numbers, or the reason for having none.

    status: ok, boundary or not_estimable (then contrast is None).
    fit: the REML optimum behind the contrast, where there is one; in units of the scaled response.
    """

    status: Status
    note: str
    contrast: Contrast | None
    fit: reml.Fit | None = None


def not_estimable(reason: str) -> Answer:
    return Answer("not_estimable", reason, None)


def answered(ask: Callable[[], Answer]) -> Answer:
    """The answer, or the reason for having none."""
    try:
        return ask()
    except NotEstimableError as reason:
        return not_estimable(str(reason))


def full_rank(statistics: Sufficient, wanted: dict[int, int]) -> tuple[Sufficient, np.ndarray, dict[int, int]]:
    """Leave out aliased columns, which changes no estimable coefficient.

    Args:
        wanted: for each muscle the column of its group difference.

    Returns:
        The statistics of the columns kept, these columns, and the estimable ones of ``wanted`` as positions in them.
    """
    p = statistics.p
    XX = statistics.total[:p, :p]
    is_estimable = estimable(XX)
    if is_estimable.all():
        return statistics, np.arange(p), wanted
    order = np.argsort(~is_estimable, kind="stable")
    kept = order[independent_columns(XX[np.ix_(order, order)])]
    place = {int(column): position for position, column in enumerate(kept)}
    found = {muscle: place[column] for muscle, column in wanted.items() if is_estimable[column]}
    return statistics.with_columns(kept), kept, found


def answers(model: Model, df_method: DfMethod) -> dict[int, Answer]:
    """The answer for each muscle with a contrast, by restricted maximum likelihood or where needed least squares."""
    if not model.contrasts:
        return {}
    ask = _question(model, df_method)
    return {muscle: answered(lambda muscle=muscle: ask(muscle)) for muscle in model.contrasts}


def fitted(model: Model) -> reml.Fit:
    """The REML optimum of a model with random effects.

    Raises:
        NotEstimableError: and its kinds, as `reml.fit` does, or for want of residual degrees of freedom.
    """
    if model.statistics.n <= model.statistics.p:
        raise NotEstimableError("No residual degrees of freedom: the model has as many parameters as there are grades.")
    try:
        return reml.fit(model.statistics)
    except np.linalg.LinAlgError as error:
        raise NotEstimableError("The equations of the model could not be solved numerically.") from error


def contrast_vector(model: Model, muscle: int) -> np.ndarray:
    """(p,) the unit vector that picks the muscle's group difference from β."""
    return np.eye(model.statistics.p)[model.contrasts[muscle]]


def on_grades(model: Model, muscle: int) -> Answer:
    """Least squares on the grades: each participant has one."""
    L = contrast_vector(model, muscle)
    return Answer("ok", "", least_squares.of_grades(model.statistics, L, model.unit))


def on_means(model: Model, muscle: int) -> Answer:
    """Least squares on participants' means: within participants nothing varies."""
    means = model.observed.means[:, muscle]
    reference, compared = (group[~np.isnan(group)] for group in (means[0::2], means[1::2]))
    adjustment = means - adjusted_means(model.observed, muscle)
    is_alike = np.nanmax(adjustment) - np.nanmin(adjustment) < 1e-9 * model.unit
    note = _ON_MEANS if is_alike else f"{_ON_MEANS} {_NOT_ADJUSTED}"
    return Answer("boundary", note, least_squares.of_means(reference, compared))


def _question(model: Model, df_method: DfMethod) -> Callable[[int], Answer]:
    """How to answer for a muscle, found out once for all of the model's."""
    if not model.terms.is_mixed:
        return lambda muscle: on_grades(model, muscle)
    try:
        fit = fitted(model)
    except NoResidualVarianceError:
        return lambda muscle: on_means(model, muscle)
    except VariancesAlikeError:
        return lambda muscle: _whatever_the_split(model, muscle)
    except NotEstimableError as reason:
        refusal = not_estimable(str(reason))
        return lambda muscle: refusal
    return lambda muscle: _of_fit(model, muscle, fit, df_method)


def _of_fit(model: Model, muscle: int, fit: reml.Fit, df_method: DfMethod) -> Answer:
    L = contrast_vector(model, muscle)
    se, df = DF_METHODS[df_method](fit, L)
    contrast = t_contrast(L @ fit.beta, se, df, _METHODS[df_method], model.unit)
    at_zero = [_BETWEEN[name] for name, is_zero in zip(model.terms.random, fit.at_zero[1:], strict=True) if is_zero]
    if not at_zero:
        return Answer("ok", "", contrast, fit)
    return Answer("boundary", _boundary_note(at_zero, df_method), contrast, fit)


def _boundary_note(at_zero: list[str], df_method: DfMethod) -> str:
    note = f"The variance between {' and between '.join(at_zero)} is estimated as 0 (singular fit)"
    if df_method == "kenward-roger":
        return f"{note}; this is the Kenward–Roger answer at that boundary."
    return f"{note}, where Satterthwaite's degrees of freedom jump: prefer Kenward–Roger or the permutation p."


def _whatever_the_split(model: Model, muscle: int) -> Answer:
    """Least squares on grades, if generalised least squares gives the same at other ratios of the variances.

    Raises:
        VariancesAlikeError: it does not.
    """
    L = contrast_vector(model, muscle)
    splits = np.array([reml.at_ratio(model.statistics, L, ratio) for ratio in (0.0, 1.0, 100.0)])
    if not np.allclose(splits, splits[0], rtol=1e-7, atol=1e-9):
        raise VariancesAlikeError
    return Answer("ok", _WHATEVER_THE_SPLIT, least_squares.of_grades(model.statistics, L, model.unit))
