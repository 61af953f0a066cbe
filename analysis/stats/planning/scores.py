"""Data sets of a setting: each has a seed of its own, so that it is the same in whatever order they are drawn."""

import numpy as np

from analysis.stats.frame.observations import Observations, participant_rows
from analysis.stats.planning.setting import Setting

THRESHOLDS = np.array([0.5, 1.5, 2.5])


def draw(setting: Setting, participants: int, number: int, *, is_cut: bool = True) -> np.ndarray:
    """Draw the scores of data set ``number``: (2 participants, sides, readers), NaN where a read is missing.

    The reference group stands first.

    Args:
        participants: of each group.
        is_cut: into 0 to 3; else latent values, for which closed forms hold.
    """
    random = np.random.default_rng([setting.seed, participants, number])
    shape = (2 * participants, setting.sides, setting.readers)
    latent = (
        setting.level
        + setting.difference * np.repeat([0.0, 1.0], participants)[:, None, None]
        + setting.reader * random.standard_normal(setting.readers)
        + setting.participant * random.standard_normal((shape[0], 1, 1))
        + setting.side * random.standard_normal((*shape[:2], 1))
        + setting.residual * random.standard_normal(shape)
    )
    scores = (latent[..., None] > THRESHOLDS).sum(axis=-1).astype(float) if is_cut else latent
    is_missing = random.random((shape[0], 1, shape[2])) < setting.missing
    return np.where(is_missing, np.nan, scores)


def observed(scores: np.ndarray) -> Observations:
    """Encode drawn scores as the grades of one muscle, the first of the paper's order."""
    participant, side, reader = np.nonzero(~np.isnan(scores))
    people, sides, readers = scores.shape
    none = np.zeros(len(participant), dtype=int)
    return Observations(
        row=participant_rows(participant, 2 * participant >= people),
        read=participant * readers + reader,
        reader=reader,
        muscle=none,
        side=side + (1 if sides == 2 else 0),
        is_fat=none.astype(bool),
        score=scores[participant, side, reader],
        participants=people,
        readers=tuple(f"R{number:02d}" for number in range(readers)),
    )
