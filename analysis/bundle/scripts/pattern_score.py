"""Imported by analysis.py: computes the pattern score anew and holds it against pattern_score.csv.

Each participant is scored by the muscles that the others show higher in the compared group, less those that they show
higher in the reference. The interval is of the resamples in resamples.csv: with how often each participant is drawn as
weights, the whole is done anew in each resample, a participant's copies left out together.
"""

from pathlib import Path

import numpy as np
import pandas as pd

DECIMALS, CLOSE = 10, 1e-9
LEAST_DEFINED = 0.9  # of the resamples, or there is no interval


def differing(rows: pd.DataFrame, expected: pd.DataFrame) -> int:
    """Print which numbers of pattern_score.csv differ, and count them."""
    if not Path("pattern_score.csv").exists():
        return 0
    said = pd.read_csv("pattern_score.csv", dtype=str, keep_default_na=False)
    found = numbers(rows, expected)
    asked = [
        (row.what, row.name_, name) for row in said.rename(columns={"name": "name_"}).itertuples() for name in held(row)
    ]
    there = {
        (what, name): row for what, name, row in zip(said["what"], said["name"], said.to_dict("records"), strict=True)
    }
    wrong = [key for key in asked if not close(found.get(key, np.nan), there[key[:2]][key[2]])]
    lacking = {key[:2] for key in found} - there.keys()
    for key in wrong:
        print("DIFFERS:", *(part for part in key if part))
    count = len(wrong) + len(lacking)
    print(f"\npattern_score.csv: {len(there)} rows, {'not as' if count else 'as'} computed anew")
    return count


def held(row) -> tuple[str, ...]:
    return ("value", "ci_low", "ci_high") if row.what == "area" else ("value",)


def close(here: float, there: str) -> bool:
    return bool(np.isnan(here)) if there == "" else abs(here - float(there)) <= CLOSE


def numbers(rows: pd.DataFrame, expected: pd.DataFrame) -> dict[tuple[str, str, str], float]:
    """Give area and interval, the side of each muscle by all participants, and each participant's score."""
    muscles = [*expected["muscle"]]
    draws = pd.read_csv("resamples.csv", dtype=str, keep_default_na=False)
    people = [*draws["participant"]]
    times = np.array([[*map(int, each.split())] for each in draws["times"]], dtype=float).T
    group = rows.drop_duplicates("participant").set_index("participant")["group"]
    if {*people} != {*group.index}:
        raise SystemExit("resamples.csv does not draw from the participants of analysed.csv.")
    is_compared = (group.loc[people] == expected["compared"].iloc[0]).to_numpy()
    if (times[:, is_compared].sum(axis=1) != is_compared.sum()).any() or (times.sum(axis=1) != len(people)).any():
        raise SystemExit("resamples.csv does not draw as many of each group as there are.")
    y = rows.pivot_table(index="participant", columns="muscle", values="score").reindex(index=people, columns=muscles)
    means = y.to_numpy()
    once = np.ones(len(people))
    scores = held_out(means, is_compared, once)
    low, high = interval(np.array([area(held_out(means, is_compared, w), w, is_compared) for w in times]))
    whole = side(*sums(means, is_compared, once))
    return {
        ("area", "", "value"): area(scores, once, is_compared),
        ("area", "", "ci_low"): low,
        ("area", "", "ci_high"): high,
        **{("muscle", muscle, "value"): value for muscle, value in zip(muscles, whole, strict=True)},
        **{("participant", who, "value"): score for who, score in zip(people, scores, strict=True)},
    }


def sums(means: np.ndarray, is_compared: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, ...]:
    """Sum scores, and count who has them, by muscle: of the compared group, then of the reference."""
    of_group = [weights * is_compared, weights * ~is_compared]
    return tuple(w @ part for w in of_group for part in (np.nan_to_num(means), ~np.isnan(means)))


def side(total1: np.ndarray, n1: np.ndarray, total0: np.ndarray, n0: np.ndarray) -> np.ndarray:
    with np.errstate(all="ignore"):
        difference = np.where((n1 > 0) & (n0 > 0), total1 / n1 - total0 / n0, 0.0)
    return np.sign(np.round(difference, DECIMALS))


def held_out(means: np.ndarray, is_compared: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Score each participant by the sides on which the others, so often drawn, put the muscles."""
    whole = sums(means, is_compared, weights)
    scores = np.full(len(means), np.nan)
    for i, own in enumerate(means):
        without = (np.nan_to_num(own), ~np.isnan(own))
        taken = [weights[i] * part * (is_compared[i] == group) for group in (True, False) for part in without]
        chosen = side(*(total - less for total, less in zip(whole, taken, strict=True)))
        scores[i] = difference_of_means(own, chosen)
    return np.round(scores, DECIMALS)


def difference_of_means(own: np.ndarray, chosen: np.ndarray) -> float:
    """Give the mean over one side less that over the other; a side without a muscle counts 0."""
    score = 0.0 if chosen.any() else np.nan
    for sign in (1, -1):
        if (chosen == sign).any():
            known = own[(chosen == sign) & ~np.isnan(own)]
            score += sign * (known.mean() if len(known) else np.nan)
    return score


def area(scores: np.ndarray, weights: np.ndarray, is_compared: np.ndarray) -> float:
    known = ~np.isnan(scores)
    compared, reference = known & is_compared, known & ~is_compared
    pairs = np.outer(weights[compared], weights[reference])
    above = np.sign(np.subtract.outer(scores[compared], scores[reference]))
    return float((pairs * (above + 1)).sum() / 2 / pairs.sum()) if pairs.sum() else np.nan


def interval(areas: np.ndarray) -> tuple[float, float]:
    known = areas[~np.isnan(areas)]
    if len(known) < LEAST_DEFINED * len(areas) or np.ptp(known) < 1e-12:
        return np.nan, np.nan
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)
