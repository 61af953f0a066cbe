"""The probabilistic index of each muscle: of participants' means, of each reader's own scores, and over readers."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.index.brunner_munzel import Index, brunner_munzel, index_value
from analysis.stats.index.over_readers import (
    LARGEST_RESAMPLED,
    MANY,
    NO_READER,
    RESAMPLES,
    OverReaders,
    over_readers,
    reader_scores,
)
from analysis.stats.mixed_model.estimability import NotEstimableError, refuse_too_few
from grading.anatomy import MUSCLE_CODES


@dataclass(frozen=True)
class MuscleIndex:
    """Hold a muscle's index of participants' mean scores, each reader's own, and their mean.

    readers: by name, those who graded the muscle in both groups; each of the participants whom the reader graded.
    """

    of_means: Index
    readers: dict[str, Index]
    over_readers: OverReaders


def muscle_indices(
    observed: Observations, groups: tuple[str, str], resamples: int = RESAMPLES
) -> tuple[MuscleIndex, ...]:
    """Compute the index of each muscle, in the paper's order.

    Args:
        groups: names of the reference and the compared group, for the reasons.
        resamples: of participants, for the interval of the mean over readers; there is none of very many participants,
            nor of kinds of them.
    """
    scores = reader_scores(observed)
    readers = [_of_readers(observed, scores[:, muscle], groups) for muscle in range(len(MUSCLE_CODES))]
    if observed.weight is not None or observed.row_is_graded.sum() > LARGEST_RESAMPLED:
        averaged = [_mean_of(of_muscle) for of_muscle in readers]
    else:
        averaged = over_readers(scores[~observed.row_is_compared], scores[observed.row_is_compared], resamples)
    return tuple(
        MuscleIndex(_index(*observed.means_by_group(muscle), groups), readers[muscle], averaged[muscle])
        for muscle in range(len(MUSCLE_CODES))
    )


def _of_readers(observed: Observations, scores: np.ndarray, groups: tuple[str, str]) -> dict[str, Index]:
    """Each reader's own index of one muscle, of scores (rows, readers)."""
    found = {}
    for place, name in enumerate(observed.readers):
        given, of_reader = ~np.isnan(scores[:, place]), scores[:, place]
        reference = observed.each(of_reader, given & ~observed.row_is_compared)
        if index := _of_reader(reference, observed.each(of_reader, given & observed.row_is_compared), groups):
            found[name] = index
    return found


def _mean_of(readers: dict[str, Index]) -> OverReaders:
    """The readers' mean without an interval."""
    values = [index.value for index in readers.values() if index.value is not None]
    return OverReaders(float(np.mean(values)), note=MANY) if values else OverReaders(note=NO_READER)


def _of_reader(reference: np.ndarray, compared: np.ndarray, groups: tuple[str, str]) -> Index | None:
    if not (len(reference) and len(compared)):
        return None
    return replace(_index(reference, compared, groups), value=index_value(reference, compared))


def _index(reference: np.ndarray, compared: np.ndarray, groups: tuple[str, str]) -> Index:
    try:
        refuse_too_few((len(reference), len(compared)), groups)
    except NotEstimableError as reason:
        return Index("not_estimable", note=str(reason))
    return brunner_munzel(reference, compared)
