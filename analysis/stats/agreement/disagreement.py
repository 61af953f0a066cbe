"""Where readers disagree: each pair on each muscle, and each pair's sum scores."""

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.stats.agreement.bland_altman import sum_scores
from analysis.stats.agreement.coefficients import distances
from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.agreement.tallies import tally
from analysis.stats.agreement.units import unit_grades
from analysis.stats.result_types.answers import Disagreement, DisagreementCell
from grading.anatomy import MUSCLE_CODES

DISCREPANCY = 2  # grade points from which two first reads of a muscle are a discrepancy


def disagreement(frame: pd.DataFrame) -> Disagreement:
    """Compute what the map of disagreement and the figures of bias are drawn from, out of the units of `agreement`.

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


def _cells(grades: np.ndarray, readers: tuple[str, ...], pairs: list[tuple[int, int]]) -> Iterator[DisagreementCell]:
    muscles = np.moveaxis(grades, 1, 0)  # (11 muscles, participants, sides, readers)
    tables = np.stack([tally(grades).tables.sum(axis=0) for grades in muscles])
    tables = np.concatenate([tables, tables.sum(axis=0, keepdims=True)])  # (12, pairs, 4, 4)
    for place, pair in enumerate(pairs):
        for muscle, table in zip((*MUSCLE_CODES, OVERALL), tables[:, place], strict=True):
            yield _cell([readers[reader] for reader in pair], muscle, table)


def _cell(readers: list[str], muscle: str, table: np.ndarray) -> DisagreementCell:
    apart = distances(len(table))
    units, discrepant = int(table.sum()), int(table[apart >= DISCREPANCY].sum())
    return {
        "readers": readers,
        "muscle": muscle,
        "units": units,
        "mean_absolute_difference": float((table * apart).sum() / units) if units else None,
        "discrepant": discrepant,
        "share": discrepant / units if units else None,
    }


def _points(grades: np.ndarray, pair: tuple[int, int]) -> list[list[int]]:
    first, second, _ = sum_scores(grades, pair)
    counted = Counter(zip(first.astype(int).tolist(), second.astype(int).tolist(), strict=True))
    return [[*sums, count] for sums, count in sorted(counted.items())]
