"""Standard error and degrees of freedom of one contrast L'β of a REML fit (notation as in `reml`).

Kenward and Roger (1997) correct Φ = (X'V⁻¹X)⁻¹ for the uncertainty of the variances φ. With P_a = ∂(X'V⁻¹X)/∂φ_a,
Q_ab = ½ ∂²(X'V⁻¹X)/∂φ_a∂φ_b (V is linear in φ) and W = 2 expected⁻¹, the covariance matrix of φ:

    Φ_A = Φ + 2 Φ { Σ_ab W_ab (Q_ab − P_a Φ P_b) } Φ

Their degrees of freedom for one contrast reduce to 2 v² / (t'W t), with v = L'ΦL and t_a = L'Φ P_a Φ L; all
variances take part, also those estimated as 0, as in R's pbkrtest.

Satterthwaite's are the same ratio with the observed information in place of the expected one, and Φ uncorrected,
as in R's lmerTest. A variance estimated as 0 takes no part: the gradient with respect to its square root is 0.

Sources: Kenward & Roger, Biometrics 1997;53:983. Halekoh & Højsgaard, J Stat Softw 2014;59(9) (pbkrtest).
Kuznetsova, Brockhoff & Christensen, J Stat Softw 2017;82(13) (lmerTest). Satterthwaite, Biometrics 1946;2:110.
"""

import numpy as np

from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.reml import Fit, least_eigenvalue


def kenward_roger(fit: Fit, L: np.ndarray) -> tuple[float, float]:
    """Compute the adjusted standard error and the degrees of freedom of L'β; L is (p,).

    Raises:
        NotEstimableError: the information is singular, or the adjusted variance is not positive.
    """
    x = fit.covariance @ L
    variance = L @ adjusted_covariance(fit) @ L
    if not variance > 0:
        raise NotEstimableError("The Kenward–Roger adjusted variance is not positive: there are too few reads.")
    t = fit.expansion.A1[:, : len(L), : len(L)] @ x @ x
    return float(np.sqrt(variance)), _degrees(L @ x, t, covariance_of_variances(fit))


def adjusted_covariance(fit: Fit) -> np.ndarray:
    """Compute Φ_A: (p, p).

    Raises:
        NotEstimableError: the information is singular.
    """
    covariance = fit.covariance
    p = len(covariance)
    P, Q = fit.expansion.A1[:, :p, :p], fit.expansion.A2[:, :, :p, :p] / 2
    W = covariance_of_variances(fit)
    spread = np.tensordot(W, Q, 2) - (P @ covariance @ np.tensordot(W, P, 1)).sum(axis=0)
    return covariance + 2 * covariance @ spread @ covariance


def covariance_of_variances(fit: Fit) -> np.ndarray:
    """Compute W, the covariance matrix of φ: (m, m).

    Raises:
        NotEstimableError: the information is singular.
    """
    return 2 * _inverse(fit.expected)


def satterthwaite(fit: Fit, L: np.ndarray) -> tuple[float, float]:
    """Compute the standard error and Satterthwaite's degrees of freedom of L'β; L is (p,).

    Raises:
        NotEstimableError: the information is not positive definite.
    """
    p, inside = len(L), ~fit.at_zero
    x = fit.covariance @ L
    t = fit.expansion.A1[inside, :p, :p] @ x @ x
    W = 2 * _inverse(fit.observed[np.ix_(inside, inside)])
    return float(np.sqrt(L @ x)), _degrees(L @ x, t, W)


def _degrees(v: float, t: np.ndarray, W: np.ndarray) -> float:
    """2 v² / (t'W t)."""
    return float(2 * v**2 / (t @ W @ t))


def _inverse(information: np.ndarray) -> np.ndarray:
    if not least_eigenvalue(information) > 0:
        raise NotEstimableError("Too few reads: the variances are too uncertain for degrees of freedom.")
    return np.linalg.inv(information)
