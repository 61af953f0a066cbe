"""The intraclass correlation of a mixed model, which takes every grade: also of units that some readers did not grade.

With unit u, reader r, and all three independent and normal,

    score_ur = μ + a_u + b_r + e_ur,   a ~ N(0, σ_a²),  b ~ N(0, σ_b²),  e ~ N(0, σ_e²)

    agreement ICC = σ_a² / (σ_a² + σ_b² + σ_e²)      as ICC(2,1)
    consistency ICC = σ_a² / (σ_a² + σ_e²)           as ICC(3,1)
    smallest detectable difference = 1.96 √2 √(σ_b² + σ_e²)

the last of two grades of one unit by two readers. The variances are those of restricted maximum likelihood. With
complete units and no variance at 0, both ICCs are those of the mean squares.

With λ = σ_a²/σ_e² and ρ = σ_b²/σ_e², a unit of m grades has the weights I − κ_m J, κ_m = λ/(1 + λm). For W = [1 Z y],
Z the readers' indicators,

    M(λ) = Σ_u W_u'W_u − Σ_m κ_m Σ_{u: m grades} (W_u'1)(W_u'1)'
    A(λ, ρ) = M_oo − ρ M_oz (I + ρ M_zz)⁻¹ M_zo,   o = (1, y)
    −2ℓ = Σ_u log(1 + λ m_u) + log|I + ρ M_zz| + log A_11 + (n − 1) log σ_e²,   σ_e² = (A_yy − A_1y²/A_11) / (n − 1)

so its cost does not depend on the number of units.

Sources: Patterson HD, Thompson R. Biometrika 1971;58:545. McGraw KO, Wong SP. Psychol Methods 1996;1:30. Bland JM,
Altman DG. BMJ 1996;313:744 (measurement error). de Vet HCW et al. J Clin Epidemiol 2006;59:1033.
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.agreement.tallies import in_canonical_order
from analysis.stats.result_types.codes import Status

_DETECTABLE = 1.96 * 2**0.5
_LEAST = 1e-9  # share of the squares under which a residual is nothing but rounding
_RATIOS = (-12.0, 12.0)  # logarithms of the ratios of variances among which the optimum is looked for; 0 beside them
_EXACT = 1e-7  # of a ratio's logarithm
_GRID = 25


@dataclass(frozen=True)
class Components:
    """Hold the variances of unit, reader and residual in squared grade points, of everything that was graded.

    units: with a grade. grades: of them all. status: ``ok``, ``boundary`` (a variance is estimated as 0) or
    ``not_estimable``, and then ``note`` says why.
    """

    units: int
    grades: int
    status: Status
    unit: float | None = None
    reader: float | None = None
    residual: float | None = None
    icc_agreement: float | None = None
    icc_consistency: float | None = None
    detectable: float | None = None
    note: str = ""


@dataclass(frozen=True)
class _Sums:
    """Hold what the criterion needs of n grades by k readers.

    whole: (k + 2, k + 2), Σ W'W. by_size: (k, k + 2, k + 2), Σ (W'1)(W'1)' over units of 1, 2, … k grades.
    sizes: (k,), how many units those are. each: 1, 2, … k.
    """

    n: int
    whole: np.ndarray
    by_size: np.ndarray
    sizes: np.ndarray
    each: np.ndarray

    def weighted(self, shrink: np.ndarray) -> np.ndarray:
        """Compute M of κ_m, (k,)."""
        return self.whole - np.tensordot(shrink, self.by_size, axes=1)


def mixed_icc(grades: np.ndarray) -> Components:
    """Estimate the variance components of grades (participants, units of a participant, readers), NaN for none."""
    ordered = in_canonical_order(grades)
    units = ordered.reshape(-1, grades.shape[-1]) if ordered.size else np.empty((0, grades.shape[-1]))
    units = units[~np.isnan(units).all(axis=1)]
    counts = len(units), int((~np.isnan(units)).sum())
    if reason := _reason(units):
        return Components(*counts, status="not_estimable", note=reason)
    sums = _sums(units[:, ~np.isnan(units).all(axis=0)])
    if _within(sums) < _LEAST * sums.whole[-1, -1]:
        constant = "readers never differ, or only by a constant, so the residual variance is 0"
        return Components(*counts, status="not_estimable", note=constant)
    return _components(counts, *_optimum(sums))


def _reason(units: np.ndarray) -> str:
    """Why there is nothing to estimate, as far as counting tells."""
    if not ((~np.isnan(units)).sum(axis=1) >= 2).any():
        return "no unit that two readers graded"
    if len(units) < 2:
        return "only one unit"
    return "no variance, all grades are equal" if np.nanmin(units) == np.nanmax(units) else ""


def _sums(units: np.ndarray) -> _Sums:
    graded = (~np.isnan(units)).astype(float)
    scores = np.nan_to_num(units)
    k = units.shape[1]
    sizes = graded.sum(axis=1)
    columns = np.column_stack([sizes, graded, scores.sum(axis=1)])
    each = np.arange(1, k + 1)
    whole = np.zeros((k + 2, k + 2))
    counts, totals = graded.sum(axis=0), scores.sum(axis=0)
    whole[0, :] = whole[:, 0] = [counts.sum(), *counts, totals.sum()]
    whole[-1, 1:] = whole[1:, -1] = [*totals, (scores**2).sum()]
    whole[1:-1, 1:-1] = np.diag(counts)
    by_size = np.stack([columns[sizes == size].T @ columns[sizes == size] for size in each])
    return _Sums(int(counts.sum()), whole, by_size, (sizes[:, None] == each).sum(axis=0), each)


def _within(sums: _Sums) -> float:
    """The squares that units and readers together leave."""
    M = sums.weighted(1 / sums.each)
    return float(M[-1, -1] - M[-1, 1:-1] @ np.linalg.pinv(M[1:-1, 1:-1], hermitian=True) @ M[1:-1, -1])


class _AtUnitRatio:
    """Evaluate the criterion at one λ for any ρ, in the basis of M_zz's eigenvectors, where I + ρ M_zz is diagonal."""

    def __init__(self, sums: _Sums, unit: float) -> None:
        M = sums.weighted(unit / (1 + unit * sums.each))
        self.roots, basis = np.linalg.eigh(M[1:-1, 1:-1])
        shared = M[[0, -1], 1:-1] @ basis
        self.products = np.stack([shared[0] ** 2, shared[0] * shared[1], shared[1] ** 2])
        self.outer = np.array([M[0, 0], M[0, -1], M[-1, -1]])
        self.determinant = float(sums.sizes @ np.log1p(unit * sums.each))
        self.degrees = sums.n - 1

    def __call__(self, reader: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give −2ℓ but for a constant, and the residual variance, of each ρ: (many,)."""
        stretched = 1 + reader[:, None] * self.roots
        one, cross, score = self.outer[:, None] - self.products @ (reader[:, None] / stretched).T
        residual = (score - cross**2 / one) / self.degrees
        determinants = self.determinant + np.log(stretched).sum(axis=1) + np.log(one)
        return determinants + self.degrees * np.log(residual), residual

    def best(self) -> tuple[float, float, float]:
        """Find the ρ where the criterion is least: ρ, the criterion and the residual variance, by ever finer grids."""
        low, high = _RATIOS
        while high - low > _EXACT:
            grid = np.linspace(low, high, _GRID)
            place = int(self(np.exp(grid))[0].argmin())
            low, high = grid[max(place - 1, 0)], grid[min(place + 1, _GRID - 1)]
        ratios = np.array([np.exp((low + high) / 2), 0.0])
        criteria, residuals = self(ratios)
        chosen = 1 if criteria[1] <= criteria[0] + _LEAST else 0
        return float(ratios[chosen]), float(criteria[chosen]), float(residuals[chosen])


def _optimum(sums: _Sums) -> tuple[float, float, float]:
    """Find λ, ρ and the residual variance of the greatest likelihood: of each λ the best ρ, and the best of them."""
    from scipy.optimize import minimize_scalar  # here: most commands and pages look for no optimum

    def best(unit: float) -> tuple[float, float, float]:
        return _AtUnitRatio(sums, unit).best()

    found = minimize_scalar(
        lambda logarithm: best(np.exp(logarithm))[1], bounds=_RATIOS, method="bounded", options={"xatol": _EXACT}
    )
    unit = 0.0 if best(0.0)[1] <= found.fun + _LEAST else float(np.exp(found.x))
    reader, _, residual = best(unit)
    return unit, reader, residual


def _components(counts: tuple[int, int], unit: float, reader: float, residual: float) -> Components:
    zeros = [name for name, ratio in (("units", unit), ("readers", reader)) if ratio == 0]
    return Components(
        *counts,
        status="boundary" if zeros else "ok",
        unit=unit * residual,
        reader=reader * residual,
        residual=residual,
        icc_agreement=unit / (unit + reader + 1),
        icc_consistency=unit / (unit + 1),
        detectable=_DETECTABLE * ((1 + reader) * residual) ** 0.5,
        note=f"the variance of {' and of '.join(zeros)} is estimated as 0" if zeros else "",
    )
