"""The default comparison: a model for each muscle apart.

    score ~ group + reader + side + (1 | participant)

``reader`` and ``side`` are fixed effects (two to five readers are too few to estimate a variance from), present
when the muscle's grades have more than one level of them. Without repeated grades the random effect is left out.
"""

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.design_matrix import GROUP, levels_present, muscle_reads
from analysis.stats.mixed_model.estimability import NOT_SEPARABLE, NotEstimableError, refuse_too_few
from analysis.stats.mixed_model.estimates import MuscleEstimate, not_estimable
from analysis.stats.mixed_model.model import PARTICIPANTS, Model, Terms, full_rank_model, scaled
from analysis.stats.mixed_model.sufficient_statistics import of_muscle
from grading.anatomy import MUSCLE_CODES

FIXED = "group"  # the fixed effects of a muscle's group


def models(observed: Observations, groups: tuple[str, str]) -> tuple[list[Model], dict[int, MuscleEstimate]]:
    """Build a model for each muscle whose data allow a comparison, and give the reason for each other muscle."""
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


def muscle_model(observed: Observations, muscle: int, groups: tuple[str, str]) -> Model:
    """Build the model of one muscle.

    Args:
        muscle: its position in the paper's order.
        groups: names of the reference and the compared group, for the reasons.

    Raises:
        NotEstimableError: the muscle's data allow no comparison.
    """
    refuse_too_few(observed.participants_by_group(muscle), groups)
    chosen = observed.of_muscle(muscle)
    score, unit = scaled(observed.score[chosen], observed.score[chosen].mean())
    readers, sides = levels_present(observed.reader[chosen]), levels_present(observed.side[chosen])
    reads = muscle_reads(observed, chosen, score, readers, sides)
    model = full_rank_model(
        observed,
        muscles=(muscle,),
        statistics=of_muscle(reads),
        differences={muscle: GROUP},
        readers=readers,
        sides=sides,
        random=(PARTICIPANTS,) if reads.reads.max() > 1 else (),
        unit=unit,
        fixed=FIXED,
    )
    if not model.contrasts:
        raise NotEstimableError(NOT_SEPARABLE)
    return model


def _any_muscle_has_several(muscle: np.ndarray, level: np.ndarray) -> bool:
    levels = level.max(initial=0) + 1
    seen = np.bincount(muscle * levels + level, minlength=len(MUSCLE_CODES) * levels).reshape(-1, levels)
    return bool(((seen > 0).sum(axis=1) > 1).any())
