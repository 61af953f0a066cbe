"""Restricted maximum likelihood, exactly, from sufficient statistics (notation as in `sufficient_statistics`).

With φ = (σ², τ_v[, τ_u]), A(φ) = W'V⁻¹W for W = [X y], and e = (−b, 1) for the generalised least squares b:

    −2ℓ(φ) = log|V| + log|X'V⁻¹X| + e'Ae + (n − p) log 2π           (Patterson & Thompson 1971)

A and log|V| are closed forms in φ, and so are their first and second derivatives. From these come the gradient,
the observed information and the expected information of −2ℓ, with Φ = (X'V⁻¹X)⁻¹, X_a the X-block of ∂A/∂φ_a,
u_a the X-part of (∂A/∂φ_a) e, and l = log|V|:

    gradient_a     = l_a + tr(Φ X_a) + e'A_a e
    observed_ab    = l_ab + tr(Φ X_ab) − tr(Φ X_a Φ X_b) + e'A_ab e − 2 u_a'Φ u_b
    expected_ab    = −l_ab − tr(Φ X_ab) + tr(Φ X_a Φ X_b)           (= tr P V_a P V_b)

The optimum is found by scoring steps with the expected information, which solve balanced data at once, then by
Newton steps with the observed one. A variance of 0 is a point like any other: it is held there while the gradient
pushes it down. A relative standard deviation √(τ/σ²) under 1e-4 counts as 0 (lme4's isSingular).

Sources: Patterson & Thompson, Biometrika 1971;58:545. Bates et al., J Stat Softw 2015;67(1) (lme4).
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.derivatives import Expansion, value, with_derivatives
from analysis.stats.mixed_model.estimability import NoResidualVarianceError, NotEstimableError, VariancesAlikeError
from analysis.stats.mixed_model.sufficient_statistics import Sufficient, within_cells

SINGULAR = 1e-4  # relative standard deviation
_STARTS = (0.0, 0.1, 1.0, 10.0)  # variance ratios, of which the best begins
_STEPS = 200
_NEAR = 1e-7  # share of the variance: a Newton step this small leaves an error of its square
_NEGLIGIBLE = 1e-14  # gain in the criterion that no step can be seen to make
_NO_RESIDUAL = 1e-9  # share of the variance, or of the squares, under which the residual is nothing but rounding
_NO_RESIDUAL_LEFT = 1e-4  # share where no degree of freedom within cells holds the residual variance up
_FLAT = 1e-9  # least eigenvalue of the information, scaled to a unit diagonal, that tells variances apart


@dataclass(frozen=True)
class Fit:
    """Hold the REML optimum. Variances are in squared units of the response.

    variances: (m,) φ: residual, cell and, where there are two random effects, participant.
    beta: (p,) fixed effects. covariance: (p, p) Φ, not adjusted for the estimation of φ.
    criterion: −2ℓ. observed, expected: (m, m) information matrices of −2ℓ.
    expansion: derivatives at the optimum, of which the degrees of freedom are made.
    """

    variances: np.ndarray
    beta: np.ndarray
    covariance: np.ndarray
    criterion: float
    gradient: np.ndarray
    observed: np.ndarray
    expected: np.ndarray
    expansion: Expansion

    @property
    def at_zero(self) -> np.ndarray:
        """Say which variances are estimated as 0: (m,)."""
        return self.variances == 0


def fit(statistics: Sufficient) -> Fit:
    """Find the REML optimum.

    Args:
        statistics: of an X of full column rank, with n > p and a response that X does not fit exactly.

    Raises:
        VariancesAlikeError: the likelihood is flat, at every φ (the information is singular for all or for none).
        NoResidualVarianceError: the residual variance is estimated as 0, where the likelihood has no maximum.
        NotEstimableError: the optimum was not found.
    """
    least = _least_residual(statistics)
    at = _evaluate(statistics, _start(statistics))
    if least_eigenvalue(at.expected) < _FLAT:
        raise VariancesAlikeError
    for _ in range(_STEPS):
        step = _step(at)
        if np.abs(step).max() < _NEAR * at.variances.sum() or abs(at.gradient @ step) < _NEGLIGIBLE:
            return _with_zeros(statistics, _moved(statistics, at, step))
        at = _descended(statistics, at, step)
        if at.variances[0] < least * at.variances.sum():
            raise NoResidualVarianceError
    raise NotEstimableError("The estimation of the variances did not converge.")


def least_eigenvalue(information: np.ndarray) -> float:
    """Give the least eigenvalue of a matrix scaled to a unit diagonal; 0 where the diagonal is not positive."""
    diagonal = np.diag(information)
    if not (diagonal > 0).all():
        return 0.0
    length = np.sqrt(diagonal)
    return float(np.linalg.eigvalsh(information / np.outer(length, length))[0])


def _least_residual(statistics: Sufficient) -> float:
    """The share of the variance under which a residual variance counts as 0.

    Raises:
        NoResidualVarianceError: reads agree within participants, or X fits all grades exactly.
    """
    p, W = statistics.p, statistics.total
    degrees, within = within_cells(statistics)
    altogether = W[p, p] - W[:p, p] @ np.linalg.solve(W[:p, :p], W[:p, p])
    least = _NO_RESIDUAL * W[p, p]
    if altogether < least or (degrees > 0 and within < least):
        raise NoResidualVarianceError
    return _NO_RESIDUAL if degrees > 0 else _NO_RESIDUAL_LEFT


def _evaluate(statistics: Sufficient, variances: np.ndarray) -> Fit:
    """The criterion at φ with its derivatives: a fit, though not yet the best one."""
    p, expansion = statistics.p, with_derivatives(statistics, variances)
    A, A1, A2 = expansion.A, expansion.A1, expansion.A2
    covariance = np.linalg.inv(A[:p, :p])
    beta = covariance @ A[:p, p]
    e = np.append(-beta, 1.0)
    A1e = A1 @ e
    PX = covariance @ A1[:, :p, :p]
    curved = np.tensordot(A2[:, :, :p, :p], covariance, 2)
    both = np.tensordot(PX, PX, axes=((1, 2), (2, 1)))
    u = A1e[:, :p]
    log_det = expansion.log_det + np.linalg.slogdet(A[:p, :p])[1]
    return Fit(
        variances=variances,
        beta=beta,
        covariance=covariance,
        criterion=log_det + e @ A @ e + (statistics.n - p) * np.log(2 * np.pi),
        gradient=expansion.l1 + np.tensordot(A1[:, :p, :p], covariance, 2) + A1e @ e,
        observed=expansion.l2 + curved - both + A2 @ e @ e - 2 * u @ covariance @ u.T,
        expected=-expansion.l2 - curved + both,
        expansion=expansion,
    )


def _start(statistics: Sufficient) -> np.ndarray:
    """φ at the best of a few variance ratios, with the profiled σ² = e'Ae / (n − p) of that ratio."""
    others = 1 if statistics.compositions is None else 2
    ratios = np.array(np.meshgrid(*[_STARTS] * others)).reshape(others, -1).T
    profiled = [_profiled(statistics, np.append(1.0, ratio)) for ratio in ratios]
    return min(profiled, key=lambda point: point[0])[1]


def _profiled(statistics: Sufficient, ratio: np.ndarray) -> tuple[float, np.ndarray]:
    """−2ℓ but for a constant at φ = σ² · ratio, with the σ² that is best for the ratio, and that φ."""
    p, (A, log_det) = statistics.p, value(statistics, ratio)
    X, Xy = A[:p, :p], A[:p, p]
    m, squares = statistics.n - p, A[p, p] - Xy @ np.linalg.solve(X, Xy)
    return log_det + np.linalg.slogdet(X)[1] + m * np.log(squares), ratio * squares / m


def _step(at: Fit) -> np.ndarray:
    """A scoring step at first; near the optimum, where the criterion is convex, a Newton step."""
    free = (at.variances > 0) | (at.gradient < 0)
    inside, step = np.ix_(free, free), np.zeros(len(free))
    step[free] = -np.linalg.solve(at.expected[inside], at.gradient[free])
    if np.abs(step).max() < 0.1 * at.variances.sum() and least_eigenvalue(at.observed[inside]) > _FLAT:
        step[free] = -np.linalg.solve(at.observed[inside], at.gradient[free])
    return step


def _descended(statistics: Sufficient, at: Fit, step: np.ndarray) -> Fit:
    """The first point along the step, halved as often as needed, that is no worse.

    Raises:
        NotEstimableError: there is none, although the optimum is far.
    """
    for halving in range(40):
        nearer = _moved(statistics, at, step / 2**halving)
        if nearer.criterion <= at.criterion:
            return nearer
    raise NotEstimableError("The estimation of the variances did not converge.")


def _moved(statistics: Sufficient, at: Fit, step: np.ndarray) -> Fit:
    """The fit a step further, with no variance below 0 and at least a tenth of the residual one left."""
    variances = np.maximum(at.variances + step, 0.0)
    variances[0] = max(variances[0], at.variances[0] / 10)
    return _evaluate(statistics, variances)


def _with_zeros(statistics: Sufficient, at: Fit) -> Fit:
    """The fit with variances that count as 0 set to 0 (at which the residual variance hardly moves)."""
    tiny = at.variances < SINGULAR**2 * at.variances[0]
    if at.at_zero[tiny].all():
        return at
    return _evaluate(statistics, np.where(tiny, 0.0, at.variances))


def at_ratio(statistics: Sufficient, L: np.ndarray, ratio: float) -> tuple[float, float]:
    """Estimate L'β by generalised least squares with every τ/σ² at ``ratio``; with its unadjusted standard error."""
    others = 1 if statistics.compositions is None else 2
    _, variances = _profiled(statistics, np.append(1.0, np.full(others, ratio)))
    at = _evaluate(statistics, variances)
    return float(L @ at.beta), float(np.sqrt(L @ at.covariance @ L))
