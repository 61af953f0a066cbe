"""Made-up cohorts of any size as frames, with a seed: what the speed of the comparison is measured on.

A grade is a latent normal score, cut at thresholds: of the participant's overall involvement, of the muscle, of the
participant's muscle, of the reader's severity and of the read.
"""

from typing import Any

import numpy as np
import pandas as pd

from analysis.stats.comparison import Comparison, compare
from analysis.stats.frame.canonical import FRAME_COLUMNS
from analysis.stats.frame.cut import cut_data
from analysis.stats.ordinal.cumulative_logit import LogOddsRatio, log_odds_ratio
from grading.anatomy import MUSCLE_CODES, SIDES
from grading.scale import FEATURES, SEQUENCES

SEED = 20250946
GROUPS = ("IMNM", "DM")
COMPARED_SHARE = 0.44
READERS = ("reader1", "reader2", "reader3")
_SEVERITY = np.array([-0.15, 0.0, 0.2])  # of the readers
_INVOLVEMENT = np.linspace(-0.4, 0.4, len(MUSCLE_CODES))
_EFFECT = np.linspace(-0.6, 0.1, len(MUSCLE_CODES))  # of the compared group
_PARTICIPANT, _CELL, _READ = 0.7, 0.6, 0.5  # standard deviations
_THRESHOLDS = np.array([-0.6, 0.4, 1.3])


def cohort(participants: int, missing: float = 0.0) -> pd.DataFrame:
    """A frame of ``participants`` × 3 readers × 11 muscles, typed as the one that comes from the database.

    Args:
        missing: the share of grades that are not assessable; they keep their rows, with a missing score.
    """
    draw = np.random.default_rng([SEED, participants, round(1000 * missing)])
    is_compared = draw.permutation(participants) < round(COMPARED_SHARE * participants)
    score = _scores(draw, is_compared).ravel()
    score[draw.random(len(score)) < missing] = np.nan
    participant, reader, muscle = (axis.ravel() for axis in np.indices((participants, len(READERS), len(MUSCLE_CODES))))
    same = np.zeros_like(participant)
    codes = [f"P{number:05d}" for number in range(1, participants + 1)]
    columns = {
        "participant": pd.Categorical.from_codes(participant, codes),
        "group": pd.Categorical.from_codes(is_compared[participant].astype(int), GROUPS),
        "mri": pd.Categorical.from_codes(participant, [f"{code}-1" for code in codes]),
        "reader": pd.Categorical.from_codes(reader, READERS),
        "occasion": same + 1,
        "sequence": pd.Categorical.from_codes(same, SEQUENCES),
        "feature": pd.Categorical.from_codes(same, FEATURES),
        "muscle": pd.Categorical.from_codes(muscle, MUSCLE_CODES),
        "side": pd.Categorical.from_codes(same, SIDES),
        "score": score,
    }
    return pd.DataFrame(columns)[list(FRAME_COLUMNS)]


def compare_cohort(frame: pd.DataFrame, **question: Any) -> Comparison:
    """Compare a cohort's groups, from the frame on: cutting the analysis set is part of what is measured.

    Without the resamples of the probabilistic index, which R's models do not have.
    """
    return compare(cut_data(frame, reference=GROUPS[0], compared=GROUPS[1]), resamples=0, **question)


def odds_of_cohort(frame: pd.DataFrame, *, has_interval: bool) -> list[LogOddsRatio]:
    """Fit the ordinal model of each muscle with and without the group, from the frame on."""
    cut = cut_data(frame, reference=GROUPS[0], compared=GROUPS[1])
    muscles = range(len(MUSCLE_CODES))
    return [log_odds_ratio(cut.observed, muscle, cut.groups, has_interval=has_interval) for muscle in muscles]


def _scores(draw: np.random.Generator, is_compared: np.ndarray) -> np.ndarray:
    """(participants, readers, muscles) scores 0 to 3."""
    shape = (len(is_compared), len(READERS), len(MUSCLE_CODES))
    participant = draw.normal(0, _PARTICIPANT, (shape[0], 1, 1))
    cell = draw.normal(0, _CELL, (shape[0], 1, shape[2]))
    group = is_compared[:, None, None] * _EFFECT
    latent = _INVOLVEMENT + group + _SEVERITY[:, None] + participant + cell + draw.normal(0, _READ, shape)
    return np.digitize(latent, _THRESHOLDS).astype(float)
