"""One estimated difference with its standard error, test and 95 % interval."""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.estimability import NoStandardErrorError, NotEstimableError
from analysis.stats.result_types.codes import Method

CONFIDENCE = 0.95
LEAST_P = float(np.finfo(float).tiny)  # a p value that underflows is not 0


@dataclass(frozen=True)
class Contrast:
    """Hold compared minus reference, in the units of the score (grade points).

    df is None for a z test. p is two-sided. method: kenward_roger, satterthwaite, wald_z or linear_model.
    """

    estimate: float
    se: float
    df: float | None
    statistic: float
    p: float
    ci_low: float
    ci_high: float
    method: Method


def t_contrast(estimate: float, se: float, df: float, method: Method, unit: float = 1.0) -> Contrast:
    """Test estimate / se against Student's t with df degrees of freedom; interval estimate ± t(0.975, df) se.

    Args:
        unit: what estimate and se are multiples of, where the response had been scaled.

    Raises:
        NotEstimableError: the numbers make no test (not finite, or a standard error of 0).
    """
    from scipy.special import stdtr, stdtrit  # here: most commands and pages need no distribution

    _refuse_no_test(estimate, se, df)
    statistic = estimate / se
    reach = stdtrit(df, (1 + CONFIDENCE) / 2) * se
    return _contrast(estimate, se, df, statistic, 2 * stdtr(df, -abs(statistic)), reach, method, unit)


def z_contrast(estimate: float, se: float) -> Contrast:
    """Test estimate / se against the normal distribution (Wald), as statsmodels' MixedLM tests.

    Raises:
        NotEstimableError: the numbers make no test (not finite, or a standard error of 0).
    """
    from scipy.special import ndtr, ndtri

    _refuse_no_test(estimate, se, 1.0)
    statistic = estimate / se
    reach = ndtri((1 + CONFIDENCE) / 2) * se
    return _contrast(estimate, se, None, statistic, 2 * ndtr(-abs(statistic)), reach, "wald_z", 1.0)


def _contrast(
    estimate: float, se: float, df: float | None, statistic: float, p: float, reach: float, method: Method, unit: float
) -> Contrast:
    low, high = (estimate - reach) * unit, (estimate + reach) * unit
    if not np.isfinite([low, high, statistic, p]).all():
        raise NotEstimableError("There are too few degrees of freedom for a test.")
    return Contrast(
        estimate=float(estimate * unit),
        se=float(se * unit),
        df=None if df is None else float(df),
        statistic=float(statistic),
        p=max(float(p), LEAST_P),
        ci_low=float(low),
        ci_high=float(high),
        method=method,
    )


def _refuse_no_test(estimate: float, se: float, df: float) -> None:
    if not (np.isfinite([estimate, se, df]).all() and df > 0):
        raise NotEstimableError("There are too few degrees of freedom for a test.")
    if not se > 0:
        raise NoStandardErrorError
