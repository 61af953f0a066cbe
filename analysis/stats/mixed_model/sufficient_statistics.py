"""Design and response reduced to sufficient statistics: the size of a model no longer depends on its reads.

The model, for participant i with reads grouped in cells c (a cell is a muscle in the joint model):

    y = Xβ + u_i + v_ic + e,     e ~ N(0, σ²),  v ~ N(0, τ_v),  u ~ N(0, τ_u)
    V_i = σ² I + τ_v blockdiag(J_k) + τ_u J

with J a matrix of ones and k the reads of a cell. In a model with one random effect the participant itself is the
cell and τ_u is absent. Every cell's own block has two eigenvalues, so it inverts in closed form:

    (σ² I + τ_v J_k)⁻¹ = (I − J_k/k) / σ²  +  (J_k/k) / (σ² + k τ_v)
    log det            = (k − 1) log σ²    +  log(σ² + k τ_v)

and τ_u J is of rank one, so Sherman and Morrison's identity gives the rest. With w_k = 1/(σ² + k τ_v) and, for a
participant whose cells have k₁, k₂, ... reads, s = Σ k w_k over those cells and g = τ_u / (1 + τ_u s):

    V_i⁻¹       = blockdiag(cells) − g (w ⊗ 1)(w ⊗ 1)'
    log det V_i = Σ cells + log(1 + τ_u s)

Of the data W = [X y] with q columns, restricted likelihood needs A = Σ_i W_i' V_i⁻¹ W_i and Σ log det V_i only.
Both follow from

    - the pooled within-cell cross-product, weighted by 1/σ²: k = 0 in the formula for w_k, which saves a special case;
    - for every distinct k, Σ h h'/k over the cells with k reads, weighted by w_k (h: column sums of W over a cell);
    - for the participants' term, the sums of h by participant and k. Participants whose cells have the same numbers
      of reads (the same composition) share s and g, so where they are many, a square root of the cross-product
      of their rows stands for them.

So an evaluation costs the same for 25 or 25,000 complete participants, and never more than participants × q.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.mixed_model.design_matrix import MuscleReads

_ROUNDING = 1e-16
_ALIASED = 1e-10  # share of a column's length, squared, below which it is a combination of others


@dataclass(frozen=True)
class Compositions:
    """Hold the participants' term of a model with two random effects.

    cells: (C, 1 + K) how many cells with ``reads[j]`` reads the participants of composition c have.
    participants: (C,) how many participants have it.
    sums: (r, 1 + K, q) rows that stand for those participants: h summed by number of reads.
    of_row: (r,) the composition of each row.
    """

    cells: np.ndarray
    participants: np.ndarray
    sums: np.ndarray
    of_row: np.ndarray


@dataclass(frozen=True)
class Sufficient:
    """Hold all that restricted likelihood needs of the data; q = p + 1 columns, the response last.

    n: number of reads.
    reads: (1 + K,) 0, then the distinct numbers of reads per cell.
    multiplicity: (1 + K,) how many eigenvalues σ² + k τ_v there are: n − cells, then the cells with k reads.
    products: (1 + K, q, q) the cross-products that 1/(σ² + k τ_v) weights; their sum is W'W.
    compositions: None in a model with one random effect.
    """

    n: int
    reads: np.ndarray
    multiplicity: np.ndarray
    products: np.ndarray
    compositions: Compositions | None = None

    @property
    def p(self) -> int:
        """Count the columns of X."""
        return self.products.shape[1] - 1

    @property
    def total(self) -> np.ndarray:
        """Sum up W'W: (q, q)."""
        return self.products.sum(axis=0)

    def with_columns(self, columns: np.ndarray) -> "Sufficient":
        """Give the statistics of the model with these columns of X only, the response kept."""
        kept = np.append(columns, self.p)
        narrowed = replace(self, products=self.products[:, kept[:, None], kept])
        if self.compositions is None:
            return narrowed
        return replace(narrowed, compositions=replace(self.compositions, sums=self.compositions.sums[:, :, kept]))


def one_way(reads: np.ndarray, sums: np.ndarray, products: np.ndarray, weight: np.ndarray | None = None) -> Sufficient:
    """Reduce a model with one random effect.

    Args:
        reads: (c,) numbers of reads of its cells.
        sums: (c, q) column sums of W over them.
        products: (q, q) W'W.
        weight: (c,) how many cells each stands for; None where each is one.
    """
    distinct, index = np.unique(reads, return_inverse=True)
    weighted = sums if weight is None else sums * weight[:, None]
    between = np.array([sums[index == j].T @ weighted[index == j] / k for j, k in enumerate(distinct)])
    cells = np.bincount(index, weight)
    within = products - between.sum(axis=0)
    return Sufficient(
        n=int(cells @ distinct),
        reads=np.append(0, distinct).astype(float),
        multiplicity=np.append(cells @ distinct - cells.sum(), cells).astype(float),
        products=np.concatenate([within[None], between]),
    )


def of_muscle(muscle: MuscleReads) -> Sufficient:
    """Reduce the reads of one muscle: the statistics of ``score ~ group + reader + side + (1 | participant)``."""
    return one_way(muscle.reads, muscle.sums, muscle.products, muscle.weight)


def two_way(
    k: np.ndarray, cells: np.ndarray, sums: np.ndarray, between: np.ndarray, products: np.ndarray
) -> Sufficient:
    """Reduce a model with two random effects, of cells and of the participants that they are in.

    Args:
        k: (K,) distinct numbers of reads per cell.
        cells: (n, K) how many cells with k reads each participant has.
        sums: (n, K, q) column sums of W over those cells.
        between: (K, q, q) Σ h h'/k over the cells with k reads.
        products: (q, q) W'W.
    """
    compositions, index, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    rows = [_root(sums[index.ravel() == c]) for c in range(len(compositions))]
    of_cells = cells.sum(axis=0)
    n = of_cells @ k
    return Sufficient(
        n=int(n),
        reads=np.append(0, k).astype(float),
        multiplicity=np.append(n - of_cells.sum(), of_cells).astype(float),
        products=np.concatenate([products[None] - between.sum(axis=0), between]),
        compositions=Compositions(
            cells=_with_none(compositions).astype(float),
            participants=count.astype(float),
            sums=_with_none(np.concatenate(rows)),
            of_row=np.repeat(np.arange(len(compositions)), [len(row) for row in rows]),
        ),
    )


def _root(rows: np.ndarray) -> np.ndarray:
    """Replace participants' rows (n, K, q) by at most K q rows with the same cross-product, a matrix square root.

    The cost of what follows then stops growing with n.
    """
    n, K, q = rows.shape
    if n <= K * q:
        return rows
    flat = rows.reshape(n, K * q)
    values, vectors = np.linalg.eigh(flat.T @ flat)
    kept = values > _ROUNDING * values[-1]
    return (vectors[:, kept] * np.sqrt(values[kept])).T.reshape(-1, K, q)


def _with_none(by_reads: np.ndarray) -> np.ndarray:
    """Prepend a zero slice for k = 0 on axis 1, so that it lines up with `Sufficient.reads`."""
    return np.concatenate([np.zeros_like(by_reads[:, :1]), by_reads], axis=1)


def within_cells(statistics: Sufficient) -> tuple[float, float]:
    """Give residual degrees of freedom and sum of squares of least squares within cells, as if these were fixed."""
    W, p = statistics.products[0], statistics.p
    kept = independent_columns(W[:p, :p], statistics.total[:p, :p])
    X, Xy = W[np.ix_(kept, kept)], W[kept, p]
    explained = Xy @ np.linalg.solve(X, Xy) if len(kept) else 0.0
    return statistics.multiplicity[0] - len(kept), W[p, p] - explained


def independent_columns(XX: np.ndarray, scale: np.ndarray | None = None) -> np.ndarray:
    """Choose the columns of X, by X'X, that are no combination of columns before them (Cholesky elimination).

    Args:
        scale: a matrix whose diagonal says how long a column is, where X'X is what is left of a longer one.
    """
    left, length = XX.copy(), np.diag(XX if scale is None else scale)
    kept = []
    for j in range(len(XX)):
        if left[j, j] > _ALIASED * max(length[j], np.finfo(float).tiny):
            kept.append(j)
            left = left - np.outer(left[:, j], left[j]) / left[j, j]
    return np.array(kept, dtype=int)


def estimable(XX: np.ndarray) -> np.ndarray:
    """Say of each coefficient whether it is estimable: (p,). Its unit vector has no part in the null space of X'X."""
    length = np.sqrt(np.where(np.diag(XX) > 0, np.diag(XX), 1.0))
    values, vectors = np.linalg.eigh(XX / np.outer(length, length))
    null = vectors[:, values < _ALIASED]
    return np.abs(null).max(axis=1, initial=0.0) < 1e-6
