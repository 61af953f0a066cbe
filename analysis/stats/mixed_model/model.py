"""A linear mixed model of one muscle or of all, ready to be fitted.

`per_muscle` and `joint` build it; `estimates` says what it says of each group difference.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.estimability import NO_VARIANCE, NotEstimableError
from analysis.stats.mixed_model.sufficient_statistics import Sufficient, estimable, independent_columns
from analysis.stats.result_types.codes import RandomEffect

# What variances are between, as R's notation has it.
PARTICIPANTS: Final = "participant"
MUSCLES: Final = "participant:muscle"
RESPONSE = "score"


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
        """Write the model in R's notation, after its fixed effects of muscles, groups and covariates."""
        effects = [name for name, has in (("reader", self.readers), ("side", self.sides)) if has]
        random = [f"(1 | {name})" for name in (PARTICIPANTS, MUSCLES) if name in self.random]
        return f"{RESPONSE} ~ {' + '.join([fixed, *effects, *random])}"


@dataclass(frozen=True)
class Model:
    """Hold a model ready to be fitted: X of full column rank, response centred per muscle and scaled.

    observed: the observations that the model is of.
    muscles: positions of the modelled muscles in the paper's order.
    contrasts: for each muscle to answer for, the position of its group difference in X.
    statistics: of W = [X y].
    columns: (p,) which of the design's columns X keeps.
    readers, sides: levels that the design tells apart.
    terms: which of readers, sides and random effects it has.
    unit: of the response, in grade points.
    formula: in R's notation.
    covariates: (rows, z) participants' covariates as X has them, its columns after the group differences; z may be 0.
    remarks: what to know of every estimate of the model.
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
    covariates: np.ndarray
    remarks: tuple[str, ...] = ()

    def contrast_vector(self, muscle: int) -> np.ndarray:
        """Make the unit vector that picks the muscle's group difference from β: (p,)."""
        return np.eye(self.statistics.p)[self.contrasts[muscle]]


def full_rank_model(
    observed: Observations,
    *,
    muscles: tuple[int, ...],
    statistics: Sufficient,
    differences: dict[int, int],
    readers: np.ndarray,
    sides: np.ndarray,
    random: tuple[RandomEffect, ...],
    unit: float,
    fixed: str,
    covariates: np.ndarray | None = None,
) -> Model:
    """Make a model of a design, leaving out the columns that are combinations of others.

    Args:
        statistics: of the design with all its columns.
        differences: for each muscle the column of its group difference. The model has contrasts of the estimable ones.
        random, unit: as in `Terms` and `Model`.
        fixed: the fixed effects of muscles, groups and covariates in R's notation.
        covariates: as in `Model`.
    """
    kept, columns, contrasts = full_rank(statistics, differences)
    terms = Terms(readers=len(readers) > 1, sides=len(sides) > 1, random=random)
    return Model(
        observed=observed,
        muscles=muscles,
        contrasts=contrasts,
        statistics=kept,
        columns=columns,
        readers=readers,
        sides=sides,
        terms=terms,
        unit=unit,
        formula=terms.formula(fixed),
        covariates=np.empty((observed.rows, 0)) if covariates is None else covariates,
    )


def scaled(score: np.ndarray, mean: np.ndarray | float) -> tuple[np.ndarray, float]:
    """Give scores about their mean, in units of the largest distance from it, and the unit.

    Thresholds of what follows then need no scale of their own.

    Args:
        score: (n,) in grade points. mean: of each score's muscle.

    Raises:
        NotEstimableError: no score is further from its mean than by rounding.
    """
    centred = score - mean
    unit = np.abs(centred).max()
    if not unit > 1e-12 * np.abs(score).max():
        raise NotEstimableError(NO_VARIANCE)
    return centred / unit, float(unit)


def full_rank(statistics: Sufficient, wanted: dict[int, int]) -> tuple[Sufficient, np.ndarray, dict[int, int]]:
    """Leave out aliased columns, which changes no estimable coefficient.

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
