"""Imported by agreement.py: Bland and Altman's limits, each reader against the others, and the variances."""

import numpy as np
from coefficients import NAN, Number, Numbers
from scipy import optimize, stats

NOTHING = 1e-9  # share of the squares that is nothing but rounding
VARIANCES = ("unit", "reader", "residual", "icc_agreement", "icc_consistency", "smallest_detectable_difference")


def bias(x: np.ndarray, one: int, two: int) -> Numbers:
    """Compare two readers of grades (participants, units of a participant, readers)."""
    graded = ~np.isnan(x)
    both, anyone = graded[..., one] & graded[..., two], graded.any(axis=-1)
    complete = both.any(axis=1) & (both == anyone).all(axis=1)
    d = np.nansum(x[complete][..., one], axis=1) - np.nansum(x[complete][..., two], axis=1)
    n = len(d)
    mean, sd = d.mean() if n else NAN, d.std(ddof=1) if n > 1 else NAN
    limits = {"mean_difference": mean, "sd": sd, "loa_low": mean - 1.96 * sd, "loa_high": mean + 1.96 * sd}
    shared = both.any(axis=1)
    means = np.nanmean((x[..., one] - x[..., two])[shared], axis=1) if shared.any() else np.empty(0)
    each, m = means.mean() if len(means) else NAN, len(means)
    reach = stats.t.ppf(0.975, m - 1) * means.std(ddof=1) / np.sqrt(m) if m > 1 else NAN
    per_grade = (int(both.sum()), each, each - reach, each + reach)
    return {name: (n, value, NAN, NAN) for name, value in limits.items()} | {"per_grade": per_grade}


def effects(x: np.ndarray) -> list[Number]:
    """Give each reader's effect less the mean of the others', from the normal equations without the units' levels."""
    graded = (~np.isnan(x)).astype(float)
    m = graded.sum(axis=-1)
    share = np.where(m > 0, 1 / np.maximum(m, 1), 0)
    k = x.shape[-1]
    left = graded.sum(axis=1)[..., None] * np.eye(k) - np.einsum("pur,pus,pu->prs", graded, graded, share)
    right = (np.nan_to_num(x) - (np.nansum(x, axis=-1) * share)[..., None] * graded).sum(axis=1)
    shared = (graded * (m >= 2)[..., None]).sum(axis=(0, 1))
    linked = (left.sum(axis=0) < 0) | np.eye(k, dtype=bool)
    linked = np.linalg.matrix_power(linked.astype(int), max(k, 1)) > 0
    return [effect(r, np.flatnonzero(linked[r]), left, right, shared[r]) for r in range(k)]


def effect(r: int, among: np.ndarray, left: np.ndarray, right: np.ndarray, units: float) -> Number:
    if len(among) < 2:
        return units, NAN, NAN, NAN
    left, right = left[:, among][..., among], right[:, among]
    contrast = np.where(among == r, 1.0, -1 / (len(among) - 1))

    def solved(L: np.ndarray, b: np.ndarray) -> float:
        return float(contrast @ np.linalg.lstsq(L, b, rcond=None)[0])

    whole, total = left.sum(axis=0), right.sum(axis=0)
    value = solved(whole, total)
    entering = np.flatnonzero(np.trace(left, axis1=1, axis2=2) > 0)
    n = len(entering)
    links = [np.linalg.eigvalsh(whole - left[i] + 1 / len(among)).min() for i in entering]
    if n < 2 or min(links) < 1e-9:
        return units, value, NAN, NAN
    each = np.array([solved(whole - left[i], total - right[i]) for i in entering])
    reach = stats.t.ppf(0.975, n - 1) * np.sqrt((n - 1) / n * ((each - each.mean()) ** 2).sum())
    return units, value, value - reach, value + reach


def variances(x: np.ndarray) -> Numbers:
    """Fit score ~ 1 + (1 | unit) + (1 | reader) by restricted maximum likelihood."""
    x = x[~np.isnan(x).all(axis=1)]
    x = x[:, ~np.isnan(x).all(axis=0)]
    n = int((~np.isnan(x)).sum())
    nothing = dict.fromkeys(VARIANCES, (n, NAN, NAN, NAN))
    has_pairs = ((~np.isnan(x)).sum(axis=1) >= 2).any()
    if len(x) < 2 or not has_pairs or np.nanmin(x) == np.nanmax(x) or left_within(x) < NOTHING * np.nansum(x**2):
        return nothing
    unit, reader, residual = restricted_likelihood(x)
    v = np.array([unit * residual, reader * residual, residual])
    iccs = unit / (unit + reader + 1), unit / (unit + 1)
    values = (*v, *iccs, 1.96 * np.sqrt(2 * (v[1] + v[2])))
    return {name: (n, value, NAN, NAN) for name, value in zip(VARIANCES, values, strict=True)}


def left_within(x: np.ndarray) -> float:
    """Give the squares that units and readers leave."""
    graded = ~np.isnan(x)
    mean = np.nansum(x, axis=1) / graded.sum(axis=1)
    about = (graded[..., None] * (np.eye(x.shape[1]) - (graded / graded.sum(axis=1)[:, None])[:, None, :]))[graded]
    y = (x - mean[:, None])[graded]
    return float(((y - about @ np.linalg.lstsq(about, y, rcond=None)[0]) ** 2).sum())


def restricted_likelihood(x: np.ndarray) -> tuple[float, float, float]:
    """Give the ratios of the variances of unit and reader to the residual's, and that."""
    graded = (~np.isnan(x)).astype(float)
    n, m, k = int(graded.sum()), graded.sum(axis=1), x.shape[1]
    y = np.nan_to_num(x)
    W = [m, *graded.T, y.sum(axis=1)]  # sums over each unit of the columns 1, the readers' indicators, and the score
    sums = np.column_stack(W)
    whole = np.zeros((k + 2, k + 2))
    whole[1:-1, 1:-1] = np.diag(graded.sum(axis=0))
    whole[0] = whole[:, 0] = sums.sum(axis=0)
    whole[-1, 1:-1] = whole[1:-1, -1] = y.sum(axis=0)
    whole[-1, -1] = (y**2).sum()

    def criterion(roots: np.ndarray) -> tuple[float, float]:
        unit, reader = roots**2
        M = whole - (sums * (unit / (1 + unit * m))[:, None]).T @ sums
        readers = np.eye(k) + reader * M[1:-1, 1:-1]
        outer = M[np.ix_([0, -1], [0, -1])]
        A = outer - reader * M[[0, -1], 1:-1] @ np.linalg.solve(readers, M[1:-1, [0, -1]])
        residual = (A[1, 1] - A[0, 1] ** 2 / A[0, 0]) / (n - 1)
        determinants = np.log1p(unit * m).sum() + np.linalg.slogdet(readers)[1] + np.log(A[0, 0])
        return determinants + (n - 1) * np.log(residual), residual

    def best_from(start: tuple[float, float]) -> optimize.OptimizeResult:
        options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000}
        return optimize.minimize(
            lambda roots: criterion(roots)[0], start, method="Nelder-Mead", bounds=[(0, None)] * 2, options=options
        )

    # From its own optimum again, and beside the limits: a simplex that lies on one does not leave it.
    found = min((best_from(start) for start in ((1.0, 0.3), (3.0, 0.05), (0.05, 0.3))), key=lambda fit: fit.fun)
    best = min((found, best_from(tuple(found.x + 0.01))), key=lambda fit: fit.fun).x
    return best[0] ** 2, best[1] ** 2, criterion(best)[1]
