"""Each reader's first reads against grades that are not one reader's: adjudicated ones, and those of calibration cases.

A unit is *decided* where a decision stands on it, and *settled* where it is decided, or where two first reads or more
all have the same grade: what `frame.adjudicated` makes one grade of, and reference grades are taken from. A unit on
which readers differ and nothing was decided has no such grade: it is left out and counted. So is one of which either
grade is *not assessable*; where readers have a score and ×, they differ.

Coefficients are those of two raters, the reader and the grades held against, as between two readers (`summary`); the
mean difference is the reader's grade minus the other, each participant's mean once (`bland_altman.per_grade`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pandas as pd

from analysis.stats.agreement.agreement_json import estimate_json
from analysis.stats.agreement.bland_altman import PerGrade, per_grade
from analysis.stats.agreement.bootstrap import RESAMPLES
from analysis.stats.agreement.coefficients import Estimate
from analysis.stats.agreement.inter_reader import by_muscle
from analysis.stats.agreement.summary import by_note, in_one_line, summary
from analysis.stats.frame.adjudicated import CELL, decided_rows
from analysis.stats.frame.analysis_sets import analysis_set
from analysis.stats.result_types.agreement import AgainstEntry
from analysis.stats.result_types.codes import AgainstName
from grading.anatomy import MUSCLE_CODES
from grading.scale import FEATURES

CALIBRATION_COLUMNS = ("reader", *CELL, "sequence", "score", "reference")
_PAIR = ["own", "other"]
_KEPT = ["reader", "participant", "mri", "muscle", "side", *_PAIR]
_UNDECIDED, _NOT_ASSESSABLE = -1, -2  # in place of a pair of scores
_REASONS: dict[AgainstName, str] = {
    "decided": "no unit was decided",
    "settled": "no unit is settled",
    "reference": "no unit has both grades",
}


@dataclass(frozen=True)
class _Held:
    """Hold the rows of all readers: ``own`` and ``other`` grade, NaN for none, and which of them are undecided."""

    against: AgainstName
    feature: str | None
    rows: pd.DataFrame  # columns ``_KEPT`` and ``undecided``


def against(
    frame: pd.DataFrame,
    decisions: pd.DataFrame,
    calibration: pd.DataFrame,
    resamples: int = RESAMPLES,
    only: str = "",
) -> list[AgainstEntry]:
    """Hold each reader against decided units, settled units and reference grades: as ``agreement`` in JSON has it.

    Args:
        frame: columns as `canonical.FRAME_COLUMNS`; of its first reads in the set ``all``, as `inter_reader`.
        decisions: that stand; columns as `frame.adjudicated.DECISION_COLUMNS`.
        calibration: a row for each grade of a signed-off calibration case that has a reference grade; columns as
            ``CALIBRATION_COLUMNS``.
        only: a muscle, or `inter_reader.OVERALL`, to compute nothing of others.
    """
    held = [*_adjudicated(frame, decisions), *_referred(calibration)]
    return [entry for each in held for entry in _entries(each, resamples, only)]


def joined_against(parts: Sequence[list[AgainstEntry]]) -> list[AgainstEntry]:
    """Put what ``against`` says of each muscle and of all alone together, in that order, to what it says at once."""
    return [*chain.from_iterable(zip(*parts, strict=True))]


def _adjudicated(frame: pd.DataFrame, decisions: pd.DataFrame) -> Iterator[_Held]:
    """Yield decided units, then settled ones; nothing where no decision stands on any."""
    first = analysis_set(frame, "all")
    rows, found = decided_rows(first, decisions)
    if not len(rows):
        return
    is_decided = np.zeros(len(first), dtype=bool)
    is_decided[rows] = True
    other = first["score"].to_numpy(dtype=float, copy=True)
    other[rows] = decisions["score"].to_numpy(dtype=float)[found]
    alike, readers = _alike(first)
    undecided = ~is_decided & ~alike
    table = first.assign(own=first["score"], other=other, undecided=undecided)
    yield _Held("decided", None, table[is_decided | undecided])
    yield _Held("settled", None, table[is_decided | (readers > 1)])


def _alike(first: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Say of each row whether all grades of its unit are the same, and how many they are; × is a grade as any other."""
    units = first.groupby(list(CELL), observed=True, sort=False)
    grades = first["score"].fillna(-1.0).groupby(units.ngroup())
    alike = grades.transform("min") == grades.transform("max")
    return alike.to_numpy(), grades.transform("size").to_numpy()


def _referred(calibration: pd.DataFrame) -> Iterator[_Held]:
    """Yield the calibration cases of each feature that has any, for readers calibrate by feature."""
    for feature in FEATURES:
        rows = calibration[calibration["feature"] == feature]
        if len(rows):
            yield _Held("reference", feature, rows.assign(own=rows["score"], other=rows["reference"], undecided=False))


def _entries(held: _Held, resamples: int, only: str) -> Iterator[AgainstEntry]:
    rows = held.rows.astype({"reader": str, "muscle": str})
    for reader, own in rows.groupby("reader"):
        for muscle, grades in by_muscle(_arranged(own), only):
            yield _entry(held, str(reader), muscle, grades, resamples)


def _arranged(rows: pd.DataFrame) -> np.ndarray:
    """The reader's grades and the others (participants, muscles, units of both, 2), NaN where there is no unit.

    An undecided unit has ``_UNDECIDED`` in both places, one that lacks a score ``_NOT_ASSESSABLE``.
    """
    rows = rows.sort_values(["participant", "mri", "side"])
    place = rows.groupby(["participant", "muscle"], observed=True).cumcount().to_numpy()
    participant = pd.factorize(rows["participant"])[0]
    muscle = pd.Index(MUSCLE_CODES).get_indexer(rows["muscle"])
    pair = rows[_PAIR].to_numpy(dtype=float)
    pair[np.isnan(pair).any(axis=1)] = _NOT_ASSESSABLE
    pair[rows["undecided"].to_numpy()] = _UNDECIDED
    grades = np.full((participant.max() + 1, len(MUSCLE_CODES), place.max() + 1, 2), np.nan)
    grades[participant, muscle, place] = pair
    return grades


def _entry(held: _Held, reader: str, muscle: str, grades: np.ndarray, resamples: int) -> AgainstEntry:
    scores = np.where(grades < 0, np.nan, grades)
    found = summary(scores, _REASONS[held.against], resamples)
    difference = _difference(per_grade(scores, (0, 1)))
    shown = {code: found.estimates[code] for code in ("exact", "kappa_linear", "kappa_quadratic")}
    return {
        "against": held.against,
        "feature": held.feature,
        "reader": reader,
        "muscle": muscle,
        "units": found.units,
        "undecided": int((grades[..., 0] == _UNDECIDED).sum()),
        "not_assessable": int((grades[..., 0] == _NOT_ASSESSABLE).sum()),
        "exact": estimate_json(shown["exact"]),
        "kappa_linear": estimate_json(shown["kappa_linear"]),
        "kappa_quadratic": estimate_json(shown["kappa_quadratic"]),
        "mean_difference": estimate_json(difference),
        "note": found.reason or in_one_line(by_note({**shown, "mean_difference": difference})),
    }


def _difference(found: PerGrade) -> Estimate:
    alone = found.mean is not None and found.ci_low is None
    return Estimate(found.mean, found.ci_low, found.ci_high, "no interval from one participant" if alone else "")
