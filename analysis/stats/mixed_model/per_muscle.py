"""The default comparison: a model for each muscle apart.

    score ~ group + reader + side + (1 | participant)

``reader`` and ``side`` are fixed effects (two to five readers are too few to estimate a variance from), present
when the muscle's grades have more than one level of them. Without repeated grades the random effect is left out.
"""

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.design_matrix import GROUP, levels_present, muscle_reads
from analysis.stats.mixed_model.estimability import NO_VARIANCE, NOT_SEPARABLE, NotEstimableError, refuse_too_few
from analysis.stats.mixed_model.model import PARTICIPANTS, Answer, Model, Terms, full_rank, not_estimable
from analysis.stats.mixed_model.sufficient_statistics import of_muscle
from grading.anatomy import MUSCLE_CODES

FIXED = "group"  # the fixed effects of a muscle's group


def models(observed: Observations, groups: tuple[str, str]) -> tuple[list[Model], dict[int, Answer]]:
    """A model for each muscle whose data allow a comparison, and the reason for each other muscle."""
    built, refused = [], {}
    for muscle in range(len(MUSCLE_CODES)):
        try:
            built.append(muscle_model(observed, muscle, groups))
        except NotEstimableError as reason:
            refused[muscle] = not_estimable(str(reason))
    return built, refused


def full_terms(observed: Observations) -> Terms:
    """Collect every term that the model of some muscle has."""
    is_repeated = not len(observed.score) or observed.counts.max() > 1
    return Terms(
        readers=_any_muscle_has_several(observed.muscle, observed.reader),
        sides=_any_muscle_has_several(observed.muscle, observed.side),
        random=(PARTICIPANTS,) if is_repeated else (),
    )


def _any_muscle_has_several(muscle: np.ndarray, level: np.ndarray) -> bool:
    levels = level.max(initial=0) + 1
    seen = np.bincount(muscle * levels + level, minlength=len(MUSCLE_CODES) * levels).reshape(-1, levels)
    return bool(((seen > 0).sum(axis=1) > 1).any())


def muscle_model(observed: Observations, muscle: int, groups: tuple[str, str]) -> Model:
    """The model of one muscle.

    Args:
        muscle: its position in the paper's order.
        groups: names of the reference and the compared group, for the reasons.

    Raises:
        NotEstimableError: the muscle's data allow no comparison.
    """
    refuse_too_few(observed.means[:, muscle], groups)
    chosen = observed.of_muscle(muscle)
    score, unit = _standardised(observed.score[chosen])
    readers, sides = levels_present(observed.reader[chosen]), levels_present(observed.side[chosen])
    reads = muscle_reads(observed, chosen, score, readers, sides)
    statistics, columns, contrasts = full_rank(of_muscle(reads), {muscle: GROUP})
    if not contrasts:
        raise NotEstimableError(NOT_SEPARABLE)
    random = (PARTICIPANTS,) if reads.reads.max() > 1 else ()
    terms = Terms(len(readers) > 1, len(sides) > 1, random)
    return Model(
        observed=observed,
        muscles=(muscle,),
        contrasts=contrasts,
        statistics=statistics,
        columns=columns,
        readers=readers,
        sides=sides,
        terms=terms,
        unit=unit,
        formula=terms.formula(FIXED),
    )


def _standardised(score: np.ndarray) -> tuple[np.ndarray, float]:
    """Scores about their mean, in units of the largest distance from it: thresholds need no scale of their own."""
    centred = score - score.mean()
    unit = np.abs(centred).max()
    if not unit > 1e-12 * np.abs(score).max():
        raise NotEstimableError(NO_VARIANCE)
    return centred / unit, float(unit)
