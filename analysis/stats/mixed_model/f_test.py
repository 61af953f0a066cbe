"""Kenward and Roger's F test of several contrasts at once (notation as in `reml` and `degrees_of_freedom`).

For L (q × p) of full row rank and the hypothesis Lβ = 0:

    F  = λ (Lb)'(L Φ_A L')⁻¹(Lb) / q      against F(q, ν)

with Φ_A the adjusted covariance matrix of b. λ and ν match the moments of F: with Θ = L'(L Φ L')⁻¹L,

    A₁ = Σ_ab W_ab tr(ΘΦP_aΦ) tr(ΘΦP_bΦ)      A₂ = Σ_ab W_ab tr(ΘΦP_aΦ ΘΦP_bΦ)
    B  = (A₁ + 6 A₂) / 2q                      g  = {(q + 1) A₁ − (q + 4) A₂} / {(q + 2) A₂}
    d  = 3q + 2(1 − g),   c₁ = g/d,   c₂ = (q − g)/d,   c₃ = (q + 2 − g)/d
    ρ  = {(1 − A₂/q) / (1 − c₂B)}² (1 + c₁B) / {q (1 − c₃B)}
    ν  = 4 + (q + 2) / (qρ − 1)                λ  = ν (1 − A₂/q) / (ν − 2)

as ``KRmodcomp`` of R's pbkrtest computes them: all variances take part, also those estimated as 0. Of balanced data
λ is 1, and the test that of the analysis of variance.

Sources: Kenward & Roger, Biometrics 1997;53:983. Halekoh & Højsgaard, J Stat Softw 2014;59(9) (pbkrtest).
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.contrast import LEAST_P
from analysis.stats.mixed_model.degrees_of_freedom import adjusted_covariance, covariance_of_variances
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.least_squares import solved
from analysis.stats.mixed_model.reml import Fit, least_eigenvalue
from analysis.stats.mixed_model.sufficient_statistics import Sufficient

_TOO_FEW = "There are too few degrees of freedom for a test."
_NEAR_TWO = 1e-2  # ν this near to 2, where λ has its pole, is left unscaled, as pbkrtest leaves it
_NOTHING = 1e-14


@dataclass(frozen=True)
class FTest:
    """Hold the test of df1 contrasts at once: F, scaled by ``scaling``, against F(df1, df2)."""

    F: float
    df1: int
    df2: float
    scaling: float
    p: float


def kenward_roger_f(fit: Fit, L: np.ndarray) -> FTest:
    """Test Lβ = 0 at a REML optimum; L is (q, p), of full row rank.

    Raises:
        NotEstimableError: the information is singular, the adjusted covariance is not positive definite, or there are
            too few degrees of freedom.
    """
    q, effects = len(L), L @ fit.beta
    adjusted = L @ adjusted_covariance(fit) @ L.T
    if not least_eigenvalue(adjusted) > 0:
        raise NotEstimableError("The Kenward–Roger adjusted covariance is not positive: there are too few reads.")
    df2, scaling = _matched(q, *_moments(fit, L))
    return _tested(scaling * (effects @ np.linalg.solve(adjusted, effects)) / q, q, df2, scaling)


def least_squares_f(statistics: Sufficient, L: np.ndarray) -> FTest:
    """Test Lb = 0 of least squares: F = (Lb)'{L(X'X)⁻¹L'}⁻¹(Lb) / (q s²) against F(q, n − p); L is (q, p).

    Raises:
        NotEstimableError: no residual degrees of freedom, or no residual variance.
    """
    b, inverse, squares, degrees = solved(statistics)
    q = len(L)
    if degrees < 1 or not squares > 0:
        raise NotEstimableError(_TOO_FEW)
    return _tested((L @ b) @ np.linalg.solve(L @ inverse @ L.T, L @ b) / q / (squares / degrees), q, degrees, 1.0)


def _moments(fit: Fit, L: np.ndarray) -> tuple[float, float]:
    """A₁ and A₂."""
    p, covariance, W = fit.covariance.shape[0], fit.covariance, covariance_of_variances(fit)
    within = L.T @ np.linalg.solve(L @ covariance @ L.T, L) @ covariance  # ΘΦ
    u = within @ fit.expansion.A1[:, :p, :p] @ covariance
    traces = np.trace(u, axis1=1, axis2=2)
    return float(traces @ W @ traces), float((W * np.tensordot(u, u, axes=((1, 2), (2, 1)))).sum())


def _matched(q: int, A1: float, A2: float) -> tuple[float, float]:
    """ν and λ."""
    if not A2 > 0:
        raise NotEstimableError(_TOO_FEW)
    with np.errstate(divide="ignore", invalid="ignore"):  # what is not finite is refused when it is tested
        B = (A1 + 6 * A2) / (2 * q)
        g = ((q + 1) * A1 - (q + 4) * A2) / ((q + 2) * A2)
        c1, c2, c3 = np.array([g, q - g, q + 2 - g]) / (3 * q + 2 * (1 - g))
        left, below = 1 - A2 / q, 1 - c2 * B
        ratio = 1.0 if max(abs(left), abs(below)) < _NOTHING else left / below
        above, under = ratio**2 * (1 + c1 * B), 1 - c3 * B  # qρ is their ratio; below it is 0 where A₂ = ½ and q = 1
        df2 = 4 + (q + 2) * under / (above - under)
    return df2, 1.0 if abs(df2 - 2) < _NEAR_TWO else df2 * left / (df2 - 2)


def _tested(F: float, q: int, df2: float, scaling: float) -> FTest:
    from scipy.special import fdtrc  # here: most commands and pages need no distribution

    if not (np.isfinite([F, df2, scaling]).all() and df2 > 0 and scaling > 0 and F >= 0):
        raise NotEstimableError(_TOO_FEW)
    return FTest(float(F), q, float(df2), float(scaling), max(float(fdtrc(q, df2, F)), LEAST_P))
