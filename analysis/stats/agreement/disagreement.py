"""Where readers disagree: each pair on each muscle, and each pair's sum scores."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from analysis.stats.agreement.bland_altman import sum_scores
from analysis.stats.agreement.coefficients import distances
from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.agreement.tallies import tally
from analysis.stats.agreement.units import unit_grades
from grading.anatomy import MUSCLE_CODES

DISCREPANCY = 2  # grade points from which two first reads of a muscle are a discrepancy


def disagreement(frame: pd.DataFrame) -> dict[str, Any]:
    """What the map of disagreement and the figures of bias are drawn from, out of the units of `agreement`.

    Returns:
        ``participants``: how many were graded by two readers or more.
        ``cells``: for each pair of readers, each muscle in the paper's order and then `OVERALL`: ``readers``,
            ``muscle``, ``units`` that both graded, ``mean_absolute_difference`` in grade points, ``discrepant`` units
            (`DISCREPANCY` or more apart) and their ``share``, 0 to 1; without units the last two means are None.
        ``sums``: for each pair ``readers`` and ``points``: [sum by the one, sum by the other, participants].

    Raises:
        ValueError: for what no frame can hold (`analysis.stats.agreement.units.unit_grades`).
    """
    units = unit_grades(frame)
    pairs = list(combinations(range(len(units.readers)), 2))
    graded_twice = ((~np.isnan(units.first)).sum(axis=-1) >= 2).any(axis=(1, 2))
    return {
        "participants": int(graded_twice.sum()),
        "cells": list(_cells(units.first, units.readers, pairs)),
        "sums": [
            {"readers": [units.readers[place] for place in pair], "points": _points(units.first, pair)}
            for pair in pairs
        ],
    }


def _cells(grades: np.ndarray, readers: tuple[str, ...], pairs: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    muscles = np.moveaxis(grades, 1, 0)  # (11 muscles, participants, sides, readers)
    tables = np.stack([tally(grades).tables.sum(axis=0) for grades in muscles])
    tables = np.concatenate([tables, tables.sum(axis=0, keepdims=True)])  # (12, pairs, 4, 4)
    for place, pair in enumerate(pairs):
        for muscle, table in zip((*MUSCLE_CODES, OVERALL), tables[:, place], strict=True):
            yield {"readers": [readers[reader] for reader in pair], "muscle": muscle, **_distances_apart(table)}


def _distances_apart(table: np.ndarray) -> dict[str, Any]:
    apart = distances(len(table))
    units, discrepant = int(table.sum()), int(table[apart >= DISCREPANCY].sum())
    return {
        "units": units,
        "mean_absolute_difference": float((table * apart).sum() / units) if units else None,
        "discrepant": discrepant,
        "share": discrepant / units if units else None,
    }


def _points(grades: np.ndarray, pair: tuple[int, int]) -> list[list[int]]:
    first, second, _ = sum_scores(grades, pair)
    counted = Counter(zip(first.astype(int).tolist(), second.astype(int).tolist(), strict=True))
    return [[*sums, count] for sums, count in sorted(counted.items())]
