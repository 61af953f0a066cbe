"""A(φ) = W'V⁻¹W and log|V| with their first and second derivatives in closed form (notation: `sufficient_statistics`).

All of them are sums over the distinct numbers of reads k and, with two random effects, over participants'
compositions, by the chain and product rules from

    w_k = 1/(σ² + k τ_v),   s = Σ k w_k,   r = 1 + τ_u s,   g = τ_u / r,   u = Σ_k w_k h_k
    A = Σ_k w_k S_k − Σ g u u',   log|V| = −Σ_k n_k log w_k + Σ log r
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.sufficient_statistics import Compositions, Sufficient


@dataclass(frozen=True)
class Expansion:
    """Hold A(φ) and log|V| with their derivatives; m variance parameters, q columns.

    A: (q, q), A1: (m, q, q), A2: (m, m, q, q); l1: (m,), l2: (m, m) of log|V|, whose value is ``log_det``.
    """

    A: np.ndarray
    A1: np.ndarray
    A2: np.ndarray
    log_det: float
    l1: np.ndarray
    l2: np.ndarray


def value(statistics: Sufficient, variances: np.ndarray) -> tuple[np.ndarray, float]:
    """Compute A (q, q) and log|V| at φ."""
    k, compositions = statistics.reads, statistics.compositions
    w = 1 / (variances[0] + k * variances[1])
    A, log_det = np.tensordot(w, statistics.products, 1), -statistics.multiplicity @ np.log(w)
    if compositions is None:
        return A, log_det
    r = 1 + variances[2] * (compositions.cells @ (k * w))
    u = np.tensordot(compositions.sums, w, axes=(1, 0))
    A = A - (u.T * (variances[2] / r)[compositions.of_row]) @ u
    return A, log_det + compositions.participants @ np.log(r)


def with_derivatives(statistics: Sufficient, variances: np.ndarray) -> Expansion:
    """Compute A and log|V| at φ, with first and second derivatives."""
    d1 = np.zeros((len(variances), len(statistics.reads)))  # ∂(σ² + k τ_v)/∂φ
    d1[0], d1[1] = 1.0, statistics.reads
    w = 1 / (variances[0] + statistics.reads * variances[1])
    w1, w2 = -(w**2) * d1, 2 * w**3 * d1[:, None] * d1
    counts, products = statistics.multiplicity, statistics.products
    cells = Expansion(
        A=np.tensordot(w, products, 1),
        A1=np.tensordot(w1, products, 1),
        A2=np.tensordot(w2, products, 1),
        log_det=-counts @ np.log(w),
        l1=d1 @ (counts * w),
        l2=-(d1 * (counts * w**2)) @ d1.T,
    )
    if statistics.compositions is None:
        return cells
    return _with_participants(cells, statistics.compositions, statistics.reads, variances[2], (w, w1, w2))


def _with_participants(
    cells: Expansion, compositions: Compositions, k: np.ndarray, tau: float, w: tuple[np.ndarray, ...]
) -> Expansion:
    """Take the participants' term, of rank one each, from A and add it to log|V|.

    Args:
        k: (1 + K,) numbers of reads per cell.
        tau: τ_u.
        w: (1 + K,) weights of the cells, with their first and second derivatives.
    """
    m = len(w[1])
    own = np.eye(m)[2][:, None]  # ∂τ_u/∂φ
    s, s1, s2 = ((k * v) @ compositions.cells.T for v in w)
    r = 1 + tau * s  # and its derivatives; g = τ_u / r
    r1 = tau * s1 + own * s
    r2 = tau * s2 + own[:, None] * s1 + own * s1[:, None]
    g0 = tau / r
    g1 = own / r - tau * r1 / r**2
    g2 = -(own[:, None] * r1 + own * r1[:, None] + tau * r2) / r**2 + 2 * tau * r1[:, None] * r1 / r**3
    N = compositions.participants
    A, A1, A2 = _weighted_squares(compositions, w, (g0, g1, g2))
    return Expansion(
        A=cells.A - A,
        A1=cells.A1 - A1,
        A2=cells.A2 - A2,
        log_det=cells.log_det + N @ np.log(r),
        l1=cells.l1 + (r1 / r) @ N,
        l2=cells.l2 + (r2 / r) @ N - ((r1 / r) * N) @ (r1 / r).T,
    )


def _weighted_squares(
    compositions: Compositions, w: tuple[np.ndarray, ...], g: tuple[np.ndarray, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Σ g u u' over rows, where u = Σ_k w_k h_k, with first and second derivatives by the product rule.

    Args:
        w, g: values by number of reads and by composition, with their first and second derivatives.
    """
    u, u1, u2 = (np.tensordot(v, compositions.sums, axes=(-1, 1)) for v in w)
    g0, g1, g2 = (v[..., compositions.of_row, None] for v in g)
    m, q = len(u1), u.shape[1]
    A1, A2 = np.empty((m, q, q)), np.empty((m, m, q, q))
    for a in range(m):
        A1[a] = _symmetric((g1[a] * u / 2 + g0 * u1[a]).T @ u)
        for b in range(a + 1):
            half = g2[a, b] * u / 2 + g1[a] * u1[b] + g1[b] * u1[a] + g0 * u2[a, b]
            A2[a, b] = A2[b, a] = _symmetric(half.T @ u + (g0 * u1[a]).T @ u1[b])
    return (g0 * u).T @ u, A1, A2


def _symmetric(half: np.ndarray) -> np.ndarray:
    """The sum of a matrix and its transpose."""
    return half + half.T
