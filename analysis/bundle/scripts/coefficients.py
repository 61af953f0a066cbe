"""Imported by agreement.py: coefficients of agreement, of units in rows and raters in columns, NaN for no grade."""

from itertools import combinations

import numpy as np
from scipy import stats
from statsmodels.stats.inter_rater import cohens_kappa

STEPS = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
NAN = float("nan")

Number = tuple[float, float, float, float]  # n, value and the ends of its interval; nan for none
Numbers = dict[str, Number]


def coefficients(x: np.ndarray) -> Numbers:
    units = int(((~np.isnan(x)).sum(axis=1) >= 2).sum())
    names = ("exact", "within_one", "kappa_linear", "kappa_quadratic", "alpha_ordinal", "ac2")
    agreement, consistency = intraclass(x)
    if not units:
        return dict.fromkeys((*names, "icc_2_1", "icc_3_1"), (0, NAN, NAN, NAN))
    tables = pair_tables(x)
    pooled = sum(tables)
    counts = (x[..., None] == np.arange(4)).sum(axis=1).astype(float)
    values = (
        np.trace(pooled) / pooled.sum(),
        pooled[STEPS <= 1].sum() / pooled.sum(),
        mean_kappa(tables, "linear"),
        mean_kappa(tables, "quadratic"),
        alpha_ordinal(counts),
        ac2(counts),
    )
    plain = {name: (units, value, NAN, NAN) for name, value in zip(names, values, strict=True)}
    return plain | {"icc_2_1": (units, *agreement), "icc_3_1": (units, *consistency)}


def together(x: np.ndarray) -> Numbers:
    """Give the coefficients of all readers together, whose intervals are random."""
    agreement, consistency = intraclass(x)
    tables = [table for table in pair_tables(x) if table.sum()]
    kappas = {
        "kappa_linear": generalised_kappa(tables, STEPS),
        "kappa_quadratic": generalised_kappa(tables, STEPS**2),
    }
    values = {"icc_2_1": agreement[0], "icc_3_1": consistency[0], **kappas}
    return {name: (NAN, value, NAN, NAN) for name, value in values.items()}


def pair_tables(x: np.ndarray) -> list[np.ndarray]:
    is_score = (x[..., None] == np.arange(4)).astype(float)
    return [is_score[:, one].T @ is_score[:, two] for one, two in combinations(range(x.shape[1]), 2)]


def by_chance(table: np.ndarray, weights: np.ndarray) -> float:
    return float((np.outer(table.sum(axis=1), table.sum(axis=0)) * weights).sum())


def mean_kappa(tables: list[np.ndarray], weights: str) -> float:
    each = [cohens_kappa(table, wt=weights, return_results=False) for table in tables if by_chance(table, STEPS)]
    return float(np.mean(each)) if each else NAN


def generalised_kappa(tables: list[np.ndarray], weights: np.ndarray) -> float:
    observed = sum((table * weights).sum() / table.sum() for table in tables)
    chance = sum(by_chance(table, weights) / table.sum() ** 2 for table in tables)
    return 1 - observed / chance if chance else NAN


def alpha_ordinal(counts: np.ndarray) -> float:
    counts = counts[counts.sum(axis=1) >= 2]
    coincidences = pairs_within(counts, 1 / (counts.sum(axis=1) - 1))
    marginal = coincidences.sum(axis=1)
    midrank = marginal.cumsum() - marginal / 2
    apart = np.subtract.outer(midrank, midrank) ** 2
    expected = (np.outer(marginal, marginal) * apart).sum()
    return 1 - (marginal.sum() - 1) * (coincidences * apart).sum() / expected if expected else NAN


def ac2(counts: np.ndarray) -> float:
    counts = counts[counts.sum(axis=1) >= 1]
    m = counts.sum(axis=1)
    several = m[m >= 2]
    shares = pairs_within(counts[m >= 2], 1 / (several * (several - 1)))
    weights = 1 - STEPS**2 / 9
    pi = (counts / m[:, None]).mean(axis=0)
    chance = weights.sum() * (pi * (1 - pi)).sum() / 12
    return float(((shares * weights).sum() / shares.sum() - chance) / (1 - chance))


def pairs_within(counts: np.ndarray, per_unit: np.ndarray) -> np.ndarray:
    weighted = counts * per_unit[:, None]
    return weighted.T @ counts - np.diag(weighted.sum(axis=0))


def intraclass(x: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Give value and interval of ICC(2,1) and of ICC(3,1): Shrout and Fleiss, McGraw and Wong."""
    x = x[~np.isnan(x).any(axis=1)]
    n, k = x.shape
    nothing = NAN, NAN, NAN
    if n < 2 or k < 2:
        return nothing, nothing
    total = x.sum() ** 2
    units, raters = n * (x.sum(axis=1) ** 2).sum() - total, k * (x.sum(axis=0) ** 2).sum() - total
    rest = n * k * (x**2).sum() - total - units - raters
    if units + rest == 0:
        return nothing, nothing
    B, J, E = units / (n * k * (n - 1)), raters / (n * k * (k - 1)), rest / (n * k * (n - 1) * (k - 1))
    with np.errstate(all="ignore"):
        return agreement_icc(n, k, *map(np.float64, (B, J, E))), consistency_icc(n, k, np.float64(B), np.float64(E))


def agreement_icc(n: int, k: int, B: float, J: float, E: float) -> tuple[float, ...]:
    spread = B + (k - 1) * E + k * (J - E) / n
    if spread == 0:
        return NAN, NAN, NAN
    icc = (B - E) / spread
    if J == 0 and E == 0:
        return icc, icc, icc
    a, b = k * icc * J, (n * (1 - icc) + k * icc * (n - 1)) * E
    v = (a + b) ** 2 / (a**2 / (k - 1) + b**2 / ((n - 1) * (k - 1)))
    lower, upper = stats.f.ppf(0.975, n - 1, v), stats.f.ppf(0.975, v, n - 1)
    noise = k * J + (k * n - k - n) * E
    low = n * (B - lower * E) / (lower * noise + n * B)
    return icc, *ends(low, n * (upper * B - E) / (noise + n * upper * B))


def consistency_icc(n: int, k: int, B: float, E: float) -> tuple[float, ...]:
    def of(signal: float, noise: float) -> float:
        return (signal - noise) / (signal + (k - 1) * noise)

    df = (n - 1) * (k - 1)
    low, high = of(B, stats.f.ppf(0.975, n - 1, df) * E), of(stats.f.ppf(0.975, df, n - 1) * B, E)
    return of(B, E), *ends(low, high)


def ends(low: float, high: float) -> tuple[float, float]:
    return (low, high) if np.isfinite(low) and np.isfinite(high) else (NAN, NAN)
