"""Least squares, for data without a variance to estimate between or within participants.

- One grade per participant: ``score ~ group + reader + side`` over grades, n − p degrees of freedom.
- Residual variance 0 within participants: ``mean ~ group`` over participants' means, n − 2 degrees of freedom;
  with covariates ``mean ~ group + covariates``, and a degree of freedom less for each column.
"""

import numpy as np

from analysis.stats.mixed_model.contrast import Contrast, t_contrast
from analysis.stats.mixed_model.design_matrix import GROUP
from analysis.stats.mixed_model.estimability import NOT_SEPARABLE_FROM_COVARIATES, NotEstimableError
from analysis.stats.mixed_model.model import full_rank
from analysis.stats.mixed_model.sufficient_statistics import Sufficient, one_way

_ROUNDING = 1e-13  # share of the squares under which a residual sum of squares is 0


def solved(statistics: Sufficient) -> tuple[np.ndarray, np.ndarray, float, int]:
    """Compute b = (X'X)⁻¹X'y, (X'X)⁻¹, |y − Xb|², which is 0 where it is but rounding, and n − p.

    Args:
        statistics: of an X of full column rank.
    """
    p, W = statistics.p, statistics.total
    inverse = np.linalg.inv(W[:p, :p])
    b = inverse @ W[:p, p]
    return b, inverse, _unless_rounding(W[p, p] - W[:p, p] @ b, W[p, p]), statistics.n - p


def of_grades(statistics: Sufficient, L: np.ndarray, unit: float = 1.0) -> Contrast:
    """Test L'b with b = (X'X)⁻¹X'y, variance L'(X'X)⁻¹L s², s² = |y − Xb|² / (n − p), t with n − p degrees of freedom.

    Args:
        statistics: of an X of full column rank.
        L: (p,) the contrast.
        unit: of the response.

    Raises:
        NotEstimableError: no residual degrees of freedom, or a standard error of 0.
    """
    b, inverse, squares, degrees = solved(statistics)
    if degrees < 1:
        raise NotEstimableError("No residual degrees of freedom: the model has as many parameters as there are grades.")
    return t_contrast(L @ b, np.sqrt(L @ inverse @ L * squares / degrees), degrees, "linear_model", unit)


def of_means(reference: np.ndarray, compared: np.ndarray) -> Contrast:
    """Test mean(compared) − mean(reference) of participants by Student's t: pooled variance, n − 2 degrees of freedom.

    Args:
        reference, compared: (n₁,) and (n₂,) means, two or more each.

    Raises:
        NotEstimableError: a standard error of 0.
    """
    groups = (reference, compared)
    degrees = len(reference) + len(compared) - 2
    squares = sum(((means - means.mean()) ** 2).sum() for means in groups)
    squares = _unless_rounding(squares, sum((means**2).sum() for means in groups))
    se = np.sqrt(squares / degrees * (1 / len(reference) + 1 / len(compared)))
    return t_contrast(compared.mean() - reference.mean(), se, degrees, "linear_model")


def of_adjusted_means(means: np.ndarray, is_compared: np.ndarray, covariates: np.ndarray) -> Contrast:
    """Test the group's coefficient of ``mean ~ group + covariates`` over participants.

    Args:
        means, is_compared: (n,). covariates: (n, z), centred; with group and intercept they may be linearly dependent.

    Raises:
        NotEstimableError: the covariates tell the group, no residual degrees of freedom, or a standard error of 0.
    """
    W = np.column_stack([np.ones(len(means)), is_compared, covariates, means - means.mean()])
    ones = np.ones(len(means), dtype=np.int64)
    statistics, _, contrasts = full_rank(one_way(ones, W, W.T @ W), {0: GROUP})
    if not contrasts:
        raise NotEstimableError(NOT_SEPARABLE_FROM_COVARIATES)
    return of_grades(statistics, np.eye(statistics.p)[contrasts[0]])


def _unless_rounding(squares: float, total: float) -> float:
    """The sum of squares, or 0 where it is no more of the total than rounding leaves."""
    return squares if squares > _ROUNDING * total else 0.0
