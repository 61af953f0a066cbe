"""Imported by analysis.py: computes the agreement of readers anew and holds it against agreement.csv.

Units are participant x muscle x side, by the edema reads of an MRI, or its fat reads where it has no edema read; from
reads.csv where there is one, else from frame.csv. ICC(2,1) and ICC(3,1) with intervals by F, of the units that every
reader graded; weighted kappa by statsmodels, the mean over pairs; Bland and Altman's limits of sum scores; each
reader's effect by least squares with the jackknife's interval; variances and the smallest detectable difference by
restricted maximum likelihood from every grade. Percentile intervals are random (program/bootstrap.py) and not computed
anew.
"""

from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import optimize, stats
from statsmodels.stats.inter_rater import cohens_kappa

EXACTLY, NEARLY = (1e-6, 1e-9), (1e-3, 1e-5)  # relative, absolute; of variances where a likelihood is flat: the latter
NOTHING = 1e-9  # share of the squares that is nothing but rounding
STEPS = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
KEY = ["part", "reader", "other", "muscle", "name"]
VARIANCES = ("unit", "reader", "residual", "icc_agreement", "icc_consistency", "smallest_detectable_difference")
NAN = float("nan")

Number = tuple[float, float, float, float]  # n, value and the ends of its interval; nan for none
Numbers = dict[str, Number]


def differing(muscles: list[str]) -> int:
    """Print which rows of agreement.csv differ, and count them."""
    said = pd.read_csv("agreement.csv", dtype=str, keep_default_na=False)
    found = dict(all_numbers(grades_by_unit(muscles), muscles))
    keys = [tuple(row) for row in said[KEY].to_numpy()]
    wrong = [key for key, row in zip(keys, said.to_dict("records"), strict=True) if not agrees(found.get(key), row)]
    lacking = found.keys() - {*keys}
    for key in wrong:
        print("DIFFERS:", *(part for part in key if part))
    lacks = f"; it lacks {len(lacking)}" if lacking else ""
    print(f"\nagreement.csv: {len(keys) - len(wrong)} of {len(keys)} numbers as computed anew{lacks}")
    return len(wrong) + len(lacking)


def agrees(found: Number | None, row: dict[str, str]) -> bool:
    held = 2 if row["interval"] == "percentile" else 4
    there = [float(row[name] or NAN) for name in ("n", "value", "ci_low", "ci_high")][:held]
    relative, absolute = NEARLY if row["part"] == "mixed" else EXACTLY
    return found is not None and np.allclose(found[:held], there, relative, absolute, equal_nan=True)


# Grades: an array of participants, muscles, sides, readers and occasions


class Grades:
    """The grades as an array, with the readers' codes."""

    def __init__(self, scores: np.ndarray, readers: list[str]) -> None:
        self.scores, self.readers = scores, readers
        self.first, self.later = scores[..., 0], scores[..., 1:]


def grades_by_unit(muscles: list[str]) -> Grades:
    name = "reads.csv" if Path("reads.csv").exists() else "frame.csv"
    rows = pd.read_csv(name, dtype=str, keep_default_na=False)
    mri = rows["participant"] + "\r" + rows["mri"]
    is_first = rows["occasion"] == "1"
    has_edema = mri.isin(mri[is_first & (rows["feature"] == "edema")])
    chosen = rows["feature"] == np.where(has_edema, "edema", "fat")
    rows = rows[chosen & mri.isin(mri[is_first & chosen])]
    readers = sorted(rows.loc[rows["occasion"] == "1", "reader"].unique())
    rows = rows[rows["reader"].isin(readers)]
    occasions = ["1", *(occasion for occasion in rows["occasion"].unique() if occasion != "1")]
    levels = {
        "participant": sorted(rows["participant"].unique()),
        "muscle": muscles,
        "side": sorted(rows["side"].unique()),
        "reader": readers,
        "occasion": occasions,
    }
    scores = np.full([len(values) for values in levels.values()], NAN)
    place = tuple(pd.Index(values).get_indexer(rows[column]) for column, values in levels.items())
    scores[place] = pd.to_numeric(rows["score"].where(rows["score"] != ""))
    return Grades(scores, readers)


# All numbers, each under the key that its row of agreement.csv has


def all_numbers(grades: Grades, muscles: list[str]) -> Iterator[tuple[tuple[str, ...], Number]]:
    first, readers = grades.first, grades.readers

    def of_each(scores: np.ndarray, ask: Callable[[np.ndarray], Numbers], *about: str):
        raters = scores.shape[-1]
        each = [scores[:, place].reshape(-1, raters) for place in range(len(muscles))]
        for muscle, units in zip([*muscles, "overall"], [*each, scores.reshape(-1, raters)], strict=True):
            yield from (((*about, muscle, name), number) for name, number in ask(units).items())

    yield from of_each(first, coefficients, "all", "", "")
    yield from of_each(first, variances, "mixed", "", "")
    yield from of_each(first, together, "resampled", "", "")
    by_person = first.reshape(len(first), -1, len(readers))
    for one, two in combinations(range(len(readers)), 2):
        about = readers[one], readers[two]
        yield from of_each(first[..., [one, two]], coefficients, "pair", *about)
        yield from ((("bias", *about, "", name), number) for name, number in bias(by_person, one, two).items())
    for place, reader in enumerate(readers):
        later = grades.later[..., place, :]
        both = np.stack(np.broadcast_arrays(first[..., place, None], later), axis=-1)
        both = np.where(np.isnan(both).any(axis=-1, keepdims=True), NAN, both)
        yield from of_each(both, coefficients, "rereads", reader, "")
    for reader, number in zip(readers, effects(by_person), strict=True):
        yield ("effect", reader, "", "", "per_grade"), number


# Coefficients of units in rows and raters in columns, NaN for no grade


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


# Bland and Altman, each reader against the others, and the variances of unit, reader and residual


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
