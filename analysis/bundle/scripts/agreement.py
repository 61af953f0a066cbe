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
from coefficients import NAN, Number, Numbers, coefficients, together
from variances import bias, effects, variances

EXACTLY, NEARLY = (1e-6, 1e-9), (1e-3, 1e-5)  # relative, absolute; of variances where a likelihood is flat: the latter
KEY = ["part", "reader", "other", "muscle", "name"]


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
