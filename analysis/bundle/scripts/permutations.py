"""Imported by analysis.py: counts the permutation p values anew, from the permutations of permutations.csv.

The statistic is the absolute Welch t of participants' mean scores, less what reader and side add to them by least
squares; see program/permutation.py. A permutation counts from a relative 1e-9 below what was observed: sums differ in
their last digits.
"""

import numpy as np
import pandas as pd

TIE, ALIASED, CLOSE = 1 - 1e-9, 1e-9, 1e-9


def differing(rows: pd.DataFrame, expected: pd.DataFrame) -> int:
    """Print which permutation p values of result.csv differ, and count them."""
    family = expected[expected["p_permutation"] != ""]
    if not len(family):
        return 0
    raw, max_t = counted(rows, family)
    wrong = 0
    for row, here, greatest in zip(family.itertuples(), raw, max_t, strict=True):
        for name, value in (("p_permutation", here), ("p_permutation_max_t", greatest)):
            if abs(value - float(getattr(row, name))) > CLOSE:
                print("DIFFERS:", row.muscle, name)
                wrong += 1
    print(f"\npermutations.csv: {len(family)} muscles, {'not as' if wrong else 'p as'} in result.csv")
    return wrong


def counted(rows: pd.DataFrame, family: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Count raw and max-T p values."""
    said = pd.read_csv("permutations.csv", dtype=str, keep_default_na=False)
    labels = np.array([[*map(int, digits)] for digits in said["labels"]], dtype=float)
    group = rows.drop_duplicates("participant").set_index("participant")["group"].loc[said["participant"]]
    is_compared = (group == family["compared"].iloc[0]).to_numpy()
    is_smaller = is_compared if 2 * is_compared.sum() <= len(is_compared) else ~is_compared
    if (labels.sum(axis=0) != is_smaller.sum()).any() or {*said["participant"]} != {*rows["participant"]}:
        raise SystemExit("permutations.csv does not permute the groups of analysed.csv.")
    means = [adjusted_means(rows[rows["muscle"] == muscle], said["participant"]) for muscle in family["muscle"]]
    permuted = np.array([absolute_t(scaled(y), labels) for y in means])
    observed = TIE * np.array([absolute_t(scaled(y), is_smaller[:, None].astype(float))[0] for y in means])
    is_beyond = permuted >= observed[:, None]
    is_greatest = permuted.max(axis=0) >= observed[:, None]
    number = labels.shape[1] + 1
    return (1 + is_beyond.sum(axis=1)) / number, (1 + is_greatest.sum(axis=1)) / number


def adjusted_means(own: pd.DataFrame, participants: pd.Series) -> np.ndarray:
    """Take reader and side off the means: first within participants, then between, where none links two readers."""
    added = pd.get_dummies(own[["reader", "side"]], drop_first=True, dtype=float)
    by_person = own["participant"]
    means = own["score"].groupby(by_person).mean()
    if added.shape[1]:
        composition = added.groupby(by_person).mean()
        about = added - added.groupby(by_person).transform("mean")
        values, vectors = np.linalg.eigh(about.T @ about)
        known = values > ALIASED * max(values[-1], 1.0)
        basis = vectors[:, known]
        effects = basis @ ((basis.T @ (about.T @ own["score"]).to_numpy()) / values[known])
        means = means - composition @ effects
        unlinked = (composition @ vectors[:, ~known]).to_numpy()
        if unlinked.shape[1]:
            X, y = unlinked - unlinked.mean(axis=0), means - means.mean()
            means = means - X @ np.linalg.lstsq(X, y, rcond=ALIASED)[0]
    return means.reindex(participants).to_numpy()


def scaled(means: np.ndarray) -> np.ndarray:
    """Give means about their mean, the largest distance being 1."""
    about = means - np.nanmean(means)
    unit = np.nanmax(np.abs(about))
    return 0 * about if unit <= 1e-12 * np.nanmax(np.abs(means)) else about / unit


def absolute_t(means: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Compute |t| for each column of labels: (participants, permutations), 1 for one group."""
    is_there = ~np.isnan(means)
    y = np.where(is_there, means, 0.0)
    inside, outside = (moments(is_there.astype(float), y, each) for each in (labels, 1 - labels))
    apart = np.abs(inside[1] - outside[1])
    with np.errstate(all="ignore"):
        t = apart / np.sqrt(inside[2] + outside[2])
    return np.where((inside[0] < 2) | (outside[0] < 2) | (apart < 1e-12), 0.0, t)


def moments(is_there: np.ndarray, y: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give n, mean, and squared standard error of the mean."""
    n, total, squares = is_there @ labels, y @ labels, y**2 @ labels
    mean = total / np.maximum(n, 1)
    spread = squares - n * mean**2
    return n, mean, np.where(spread < 1e-12, 0.0, spread) / np.maximum(n * (n - 1), 1)
