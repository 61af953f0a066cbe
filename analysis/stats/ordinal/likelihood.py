"""The marginal log-likelihood of a cumulative logit model with a participant's random intercept, and its derivatives.

With u = ω z and z standard normal, a participant whose events (`events`) have t = Dψ + ωz contributes

    L = ∫ φ(z) Π σ(t)^exceeded σ(−t)^unexceeded dz     and, outside, Π (1 − e^−(θ_k − θ_k−1))

*The integral.* φ times logistic functions is analytic in a strip of half-width π/ω about the real line, and falls off
as e^(−z²/2): for such a function the sum at equally spaced points, h Σ f(jh), converges exponentially, its error about
e^(−2π²/(ωh)). With h ≤ 0.6 / ω and points to ±9 the log-likelihood stands to 1e-10. Gauss and Hermite's points about
each participant's mode suit an integrand that is close to a normal density; where readers agree, ω is 4 to 6, the
integrand is a normal density cut off on one side, and ten points leave an error of 1e-3 or more, 300 one of 1e-8. At
equally spaced points, the same for all participants, σ is computed once for each event and not for each read.

*Derivatives.* With π(z) the distribution of z given the participant's reads, as the same points have it, and
v(z) = ∂/∂(ψ, ω) Σ log σ (Louis 1982):

    ∂ log L = E v        ∂² log L = E ∂v + E vv' − E v E v'

Sources: Hedeker & Gibbons, Biometrics 1994;50:933–944 (the model). Christensen, ordinal, R package (clmm, with
adaptive Gauss–Hermite points). Trefethen & Weideman, SIAM Review 2014;56:385–458 (equally spaced points). Louis, J R
Stat Soc B 1982;44:226–233.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.stats.ordinal.events import Events

REACH = 9.0  # standard deviations of z
_BLOCK = 2_000_000  # numbers held at a time


@dataclass(frozen=True)
class Point:
    """Hold the log-likelihood at a point (ψ, ω), −∞ where cuts are out of order; its gradient and Hessian (p + 1)."""

    at: np.ndarray
    value: float
    gradient: np.ndarray
    hessian: np.ndarray


def log_likelihood(events: Events, at: np.ndarray) -> Point:
    """Evaluate the log-likelihood and its derivatives.

    Args:
        at: (p + 1,) the parameters ψ of the events' design, then ω; −ω is the same as ω.
    """
    size = len(at)
    gradient, hessian = np.zeros(size), np.zeros((size, size))
    gaps = events.gaps @ at[:-1]
    if (gaps <= 0).any():
        return Point(at, -np.inf, gradient, hessian)
    value = float(events.gap_reads @ np.log(-np.expm1(-gaps)))
    slope = events.gap_reads / np.expm1(np.minimum(gaps, 500.0))
    gradient[:-1] = slope @ events.gaps
    hessian[:-1, :-1] = -(events.gaps.T * (slope * (1 + slope / events.gap_reads))) @ events.gaps
    for block in _blocks(events, _points(events, at[-1])):
        part = _integrated(*block, events.design, at)
        value, gradient, hessian = value + part[0], gradient + part[1], hessian + part[2]
    return Point(at, value, gradient, hessian)


def _points(events: Events, omega: float) -> np.ndarray:
    """Equally spaced z, close enough for σ and for the narrowest distribution of z given a participant's reads."""
    if omega == 0:
        return np.zeros(1)
    reads = (events.exceeded + events.unexceeded).sum(axis=1).max(initial=1.0)
    spacing = min(0.7, 0.6 / abs(omega), 0.8 / np.sqrt(1 + omega**2 * reads / 4))
    steps = int(np.ceil(REACH / spacing))
    return np.arange(-steps, steps + 1) * spacing


def _blocks(events: Events, z: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    rows = max(1, _BLOCK // (len(z) * (events.design.shape[1] + 1)))
    for start in range(0, len(events.weight), rows):
        chosen = slice(start, start + rows)
        yield events.exceeded[chosen], events.unexceeded[chosen], events.weight[chosen], z


def _integrated(
    exceeded: np.ndarray,
    unexceeded: np.ndarray,
    weight: np.ndarray,
    z: np.ndarray,
    design: np.ndarray,
    at: np.ndarray,
) -> tuple[float, np.ndarray, np.ndarray]:
    """The sum of weighted log L, its gradient and its Hessian, for (n, L) events of n participants."""
    fixed = design @ at[:-1]
    t = fixed[:, None] + at[-1] * z
    met, small = exceeded + unexceeded, np.exp(-np.abs(t))
    sigma = np.where(t >= 0, 1.0, small) / (1 + small)
    log_sigma = np.minimum(t, 0) - np.log1p(small)
    log_f = met @ log_sigma - (unexceeded @ fixed)[:, None] - at[-1] * z * unexceeded.sum(axis=1)[:, None] - z**2 / 2
    most = log_f.max(axis=1, keepdims=True)
    f = np.exp(log_f - most)
    total = f.sum(axis=1, keepdims=True)
    spacing = (z[1] - z[0]) / np.sqrt(2 * np.pi) if len(z) > 1 else 1.0
    value = weight @ (np.log(total * spacing) + most)[:, 0]

    extended = np.column_stack([design, np.ones(len(design))])
    taken = np.stack([met @ (sigma * column[:, None]) for column in extended.T], axis=-1)
    v = (exceeded @ extended)[:, None] - taken
    v[..., -1] *= z
    posterior = f / total
    expected = np.matmul(posterior[:, None], v)[:, 0]
    weighted = posterior * weight[:, None]
    flat = v.reshape(-1, v.shape[-1])
    hessian = (flat * weighted.reshape(-1, 1)).T @ flat - (expected.T * weight) @ expected
    curved = (met.T @ weighted) * sigma * (1 - sigma)
    cross = design.T @ (curved @ z)
    hessian[:-1, :-1] -= (design.T * curved.sum(axis=1)) @ design
    hessian[:-1, -1] -= cross
    hessian[-1, :-1] -= cross
    hessian[-1, -1] -= curved.sum(axis=0) @ z**2
    return float(value), weight @ expected, hessian
