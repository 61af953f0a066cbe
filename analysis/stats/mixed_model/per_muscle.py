"""The default comparison: a model for each muscle apart.

    score ~ group + covariates + reader + side + (1 | participant)

``covariates`` are those that the comparison is adjusted for, none by default. ``reader`` and ``side`` are fixed effects
(two to five readers are too few to estimate a variance from), present when the muscle's grades have more than one level
of them. Without repeated grades the random effect is left out.
"""

from dataclasses import replace

import numpy as np

from analysis.stats.covariates import CovariateDesign
from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.design_matrix import GROUP, MuscleReads, levels_present, muscle_reads, with_covariates
from analysis.stats.mixed_model.estimability import (
    NOT_SEPARABLE,
    NOT_SEPARABLE_FROM_COVARIATES,
    NotEstimableError,
    refuse_too_few,
)
from analysis.stats.mixed_model.estimates import MuscleEstimate, not_estimable
from analysis.stats.mixed_model.model import PARTICIPANTS, Model, Terms, full_rank, full_rank_model, scaled
from analysis.stats.mixed_model.sufficient_statistics import of_muscle
from grading.anatomy import MUSCLE_CODES

FIXED = "group"  # the fixed effects of a muscle's group
FEW = 5  # participants per fixed effect between them, under which a model is warned of


def models(
    observed: Observations, groups: tuple[str, str], covariates: CovariateDesign | None = None
) -> tuple[list[Model], dict[int, MuscleEstimate]]:
    """Build a model for each muscle whose data allow a comparison, and give the reason for each other muscle.

    Args:
        observed: of participants who have all covariates.
    """
    built, refused = [], {}
    for muscle in range(len(MUSCLE_CODES)):
        try:
            built.append(muscle_model(observed, muscle, groups, covariates))
        except NotEstimableError as reason:
            refused[muscle] = not_estimable(str(reason))
    return built, refused


def fixed(covariates: CovariateDesign | None) -> str:
    """Write the fixed effects of group and covariates in R's notation."""
    return " + ".join([FIXED, *(covariates.terms if covariates else ())])


def full_terms(observed: Observations) -> Terms:
    """Collect every term that the model of some muscle has."""
    is_repeated = not len(observed.score) or observed.counts.max() > 1
    return Terms(
        readers=_any_muscle_has_several(observed.muscle, observed.reader),
        sides=_any_muscle_has_several(observed.muscle, observed.side),
        random=(PARTICIPANTS,) if is_repeated else (),
    )


def muscle_model(
    observed: Observations,
    muscle: int,
    groups: tuple[str, str],
    covariates: CovariateDesign | None = None,
    further: int = 0,
) -> Model:
    """Build the model of one muscle.

    Args:
        muscle: its position in the paper's order.
        groups: names of the reference and the compared group, for the reasons.
        covariates: of the rows of ``observed``.
        further: how many of the first columns of ``covariates`` are indicators of more groups, where a row that counts
            as compared is of any group but the reference. The contrast of group g is then number 11 g + muscle.

    Raises:
        NotEstimableError: the muscle's data allow no comparison of all these groups.
    """
    refuse_too_few(observed.participants_by_group(muscle), groups)
    chosen = observed.of_muscle(muscle)
    score, unit = scaled(observed.score[chosen], _mean(observed, chosen))
    readers, sides = levels_present(observed.reader[chosen]), levels_present(observed.side[chosen])
    reads = muscle_reads(observed, chosen, score, readers, sides)
    values = covariates.centred(reads.row) if covariates else np.empty((observed.rows, 0))
    model = full_rank_model(
        observed,
        muscles=(muscle,),
        statistics=of_muscle(with_covariates(reads, values[reads.row])),
        differences={len(MUSCLE_CODES) * group + muscle: GROUP + group for group in range(1 + further)},
        readers=readers,
        sides=sides,
        random=(PARTICIPANTS,) if reads.reads.max() > 1 else (),
        unit=unit,
        fixed=fixed(covariates),
        covariates=values,
    )
    if len(model.contrasts) <= further:
        raise NotEstimableError(_why_not_separable(with_covariates(reads, values[reads.row, :further]), 1 + further))
    if not (covariates and covariates.terms):
        return model
    return replace(model, remarks=_remarks(model, covariates, len(reads.row)))


def _mean(observed: Observations, chosen: np.ndarray) -> float:
    weight = None if observed.grade_weight is None else observed.grade_weight[chosen]
    return float(np.average(observed.score[chosen], weights=weight))


def _why_not_separable(reads: MuscleReads, differences: int) -> str:
    """Say what the groups cannot be separated from: the readers and sides, or else the covariates."""
    *_, without_covariates = full_rank(of_muscle(reads), {group: GROUP + group for group in range(differences)})
    return NOT_SEPARABLE_FROM_COVARIATES if len(without_covariates) == differences else NOT_SEPARABLE


def _remarks(model: Model, covariates: CovariateDesign, participants: int) -> tuple[str, ...]:
    """Name the covariates that the model is without, and warn of too few participants for those that it has."""
    places = np.arange(len(covariates.of)) + GROUP + 1
    is_kept = np.isin(places, model.columns)
    without = dict.fromkeys(of for of, kept in zip(covariates.of, is_kept, strict=True) if not kept)
    within = {of for of, kept in zip(covariates.of, is_kept, strict=True) if kept}
    remarks = [
        f"Not adjusted for all levels of {of}: some do not occur, or others tell them."
        if of in within
        else f"Not adjusted for {of}: it does not vary, or others tell it."
        for of in without
    ]
    effects = 1 + int(is_kept.sum())
    if participants < FEW * effects:
        remarks.append(
            f"{participants} participants for {effects} effects between participants (the group, and the covariates): "
            f"fewer than {FEW} for each."
        )
    return tuple(remarks)


def _any_muscle_has_several(muscle: np.ndarray, level: np.ndarray) -> bool:
    levels = level.max(initial=0) + 1
    seen = np.bincount(muscle * levels + level, minlength=len(MUSCLE_CODES) * levels).reshape(-1, levels)
    return bool(((seen > 0).sum(axis=1) > 1).any())
