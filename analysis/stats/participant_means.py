"""What the figures draw beyond the result: every participant's mean scores, and how often each grade was given.

Small enough to be stored with the result, as what JSON can hold: figures need no frame.
"""

from math import isnan

import numpy as np

from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.cut import CutData
from analysis.stats.frame.observations import Observations
from analysis.stats.result_types.answers import Participant, ParticipantMeans
from grading.anatomy import MUSCLE_CODES
from grading.scale import SCORES


def participant_means(cut: CutData) -> ParticipantMeans:
    """Average the scores of each participant and muscle, and count the grades of each muscle and group.

    The result's medians and quartiles are exactly those of these means.
    """
    return {"participants": _participants(cut), "grades": _grades(cut.observed, cut.groups)}


def _participants(cut: CutData) -> list[Participant]:
    observed = cut.observed
    codes = [str(code) for code in level_codes(cut.rows["participant"])[1]]  # in the order of their numbers
    graded = np.flatnonzero(observed.row_is_graded)
    number, is_compared = observed.row_participant[graded].tolist(), observed.row_is_compared[graded].tolist()
    entries: list[Participant] = [
        {
            "participant": codes[participant],
            "group": cut.compared if in_compared else cut.reference,
            "means": {muscle: mean for muscle, mean in zip(MUSCLE_CODES, means, strict=True) if not isnan(mean)},
        }
        for participant, in_compared, means in zip(number, is_compared, observed.means[graded].tolist(), strict=True)
    ]
    return sorted(entries, key=lambda entry: (entry["participant"], entry["group"]))


def _grades(observed: Observations, groups: tuple[str, str]) -> dict[str, dict[str, list[int]]]:
    shape = (len(MUSCLE_CODES), len(groups), len(SCORES))
    whole = np.isin(observed.score, SCORES)  # a frame from elsewhere may hold what is no grade
    muscle, is_compared = observed.muscle[whole], observed.is_compared[whole]
    cell = (muscle * shape[1] + is_compared) * shape[2] + observed.score[whole].astype(int)
    counts = np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape).tolist()
    return {
        code: dict(zip(groups, of_groups, strict=True)) for code, of_groups in zip(MUSCLE_CODES, counts, strict=True)
    }
