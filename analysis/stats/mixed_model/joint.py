"""The joint comparison of all muscles in one model, a sensitivity analysis.

    score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle)

with the second random effect only when some participant has more than one grade of a muscle (and grades of more
than one muscle: else the two effects are one). It assumes equal variances in all muscles, which edema scores do not
have: single muscles can be badly misjudged.

Columns of the design, for J muscles with grades: J intercepts, J group differences, readers, sides, score. A
muscle's own reads, summed by participant, fill its own two columns and the shared ones; so the statistics of the
joint model are put together from those of the muscles.
"""

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.design_matrix import MuscleReads, levels_present, muscle_reads, with_covariates
from analysis.stats.mixed_model.estimability import NOT_SEPARABLE, NotEstimableError, refuse_too_few
from analysis.stats.mixed_model.estimates import MuscleEstimate, not_estimable
from analysis.stats.mixed_model.model import MUSCLES, PARTICIPANTS, Model, Terms, full_rank_model, scaled
from analysis.stats.mixed_model.sufficient_statistics import Sufficient, one_way, two_way
from analysis.stats.result_types.codes import RandomEffect
from grading.anatomy import MUSCLE_CODES

FIXED = "0 + muscle + muscle:group"  # the fixed effects of muscles and their groups


def models(observed: Observations, groups: tuple[str, str]) -> tuple[list[Model], dict[int, MuscleEstimate]]:
    """Build the one model of all muscles with grades, and give the reason for each muscle that it says nothing of."""
    refused = _refused(observed, groups)
    if len(refused) == len(MUSCLE_CODES):
        return [], refused
    try:
        model = model_of(observed, set(range(len(MUSCLE_CODES))) - set(refused))
    except NotEstimableError as reason:
        return [], dict.fromkeys(range(len(MUSCLE_CODES)), not_estimable(str(reason))) | refused
    inseparable = set(range(len(MUSCLE_CODES))) - set(refused) - set(model.contrasts)
    return [model], refused | dict.fromkeys(inseparable, not_estimable(NOT_SEPARABLE))


def full_terms(observed: Observations) -> Terms:
    """Collect the terms of the one model of these observations."""
    return Terms(
        readers=len(levels_present(observed.reader)) > 1,
        sides=len(levels_present(observed.side)) > 1,
        random=_random(observed) if len(observed.score) else (PARTICIPANTS,),
    )


def _refused(observed: Observations, groups: tuple[str, str]) -> dict[int, MuscleEstimate]:
    refused = {}
    for muscle in range(len(MUSCLE_CODES)):
        try:
            refuse_too_few(observed.participants_by_group(muscle), groups)
        except NotEstimableError as reason:
            refused[muscle] = not_estimable(str(reason))
    return refused


def model_of(observed: Observations, wanted: set[int], further: np.ndarray | None = None) -> Model:
    """Build the model; it has contrasts of the wanted muscles, as far as they are estimable.

    Args:
        further: (rows, z) indicators of z more groups, where a row that counts as compared is of any group but the
            reference. The model then has a contrast of muscle j and group g as number 11 g + j.

    Raises:
        NotEstimableError: no grade differs from its muscle's mean.
    """
    muscles = levels_present(observed.muscle)
    score, unit = scaled(observed.score, _muscle_means(observed)[observed.muscle])
    readers, sides = levels_present(observed.reader), levels_present(observed.side)
    further = np.empty((observed.rows, 0)) if further is None else further
    reads = []
    for muscle in muscles:
        chosen = observed.of_muscle(muscle)
        own = muscle_reads(observed, chosen, score[chosen], readers, sides)
        reads.append(with_covariates(own, further[own.row]))
    random, differences = _random(observed), 1 + further.shape[1]
    statistics = (_by_muscle if MUSCLES in random else _by_participant)(reads, 1 + differences)
    return full_rank_model(
        observed,
        muscles=tuple(muscles.tolist()),
        statistics=statistics,
        differences={
            len(MUSCLE_CODES) * group + int(muscle): (1 + group) * len(muscles) + j
            for group in range(differences)
            for j, muscle in enumerate(muscles)
            if muscle in wanted
        },
        readers=readers,
        sides=sides,
        random=random,
        unit=unit,
        fixed=FIXED,
    )


def _random(observed: Observations) -> tuple[RandomEffect, ...]:
    """What variances are between, the cells' first."""
    counts = observed.counts
    if counts.max() > 1 and (counts > 0).sum(axis=1).max() > 1:
        return (MUSCLES, PARTICIPANTS)
    return (PARTICIPANTS,) if counts.sum(axis=1).max() > 1 else ()


def _muscle_means(observed: Observations) -> np.ndarray:
    """(11,) mean scores of the muscles, 0 without grades."""
    n = np.bincount(observed.muscle, minlength=len(MUSCLE_CODES))
    return np.bincount(observed.muscle, weights=observed.score, minlength=len(MUSCLE_CODES)) / np.maximum(n, 1)


def _by_muscle(reads: list[MuscleReads], own: int) -> Sufficient:
    """The statistics with a cell for each participant and muscle, and participants above them."""
    J = len(reads)
    q = own * J + reads[0].sums.shape[1] - own
    k = np.unique(np.concatenate([one.reads for one in reads]))
    participants = np.unique(np.concatenate([one.row for one in reads]))
    products, between = np.zeros((q, q)), np.zeros((len(k), q, q))
    cells, sums = np.zeros((len(participants), len(k)), dtype=int), np.zeros((len(participants), len(k), q))
    for j, one in enumerate(reads):
        columns = _columns(j, J, q, own)
        square = np.ix_(columns, columns)
        products[square] += one.products
        kind, row = np.searchsorted(k, one.reads), np.searchsorted(participants, one.row)
        for index in range(len(k)):
            h = one.sums[kind == index]
            between[index][square] += h.T @ h / k[index]
        cells[row, kind] += 1
        sums[row[:, None], kind[:, None], columns] += one.sums
    return two_way(k, cells, sums, between, products)


def _by_participant(reads: list[MuscleReads], own: int) -> Sufficient:
    """The statistics with the participant as the only cell."""
    J = len(reads)
    q = own * J + reads[0].sums.shape[1] - own
    participants = np.unique(np.concatenate([one.row for one in reads]))
    count, sums, products = np.zeros(len(participants), dtype=int), np.zeros((len(participants), q)), np.zeros((q, q))
    for j, one in enumerate(reads):
        columns, row = _columns(j, J, q, own), np.searchsorted(participants, one.row)
        count[row] += one.reads
        sums[row[:, None], columns] += one.sums
        products[np.ix_(columns, columns)] += one.products
    return one_way(count, sums, products)


def _columns(j: int, J: int, q: int, own: int) -> np.ndarray:
    """Where the columns of muscle j's design stand in the joint one: its own, intercept and groups, then the shared."""
    return np.concatenate([np.arange(own) * J + j, np.arange(own * J, q)])
