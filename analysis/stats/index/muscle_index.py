"""The probabilistic index of each muscle: of participants' means, of each reader's own scores, and over readers."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.index.brunner_munzel import Index, brunner_munzel, index_value
from analysis.stats.index.over_readers import RESAMPLES, OverReaders, over_readers, reader_scores
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
        resamples: of participants, for the interval of the mean over readers.
    """
    scores = reader_scores(observed)
    of_group = scores[~observed.row_is_compared], scores[observed.row_is_compared]
    averaged = over_readers(*of_group, resamples)
    return tuple(
        MuscleIndex(
            of_means=_index(*observed.means_by_group(muscle), groups),
            readers={
                name: index
                for place, name in enumerate(observed.readers)
                if (index := _of_reader(of_group[0][:, muscle, place], of_group[1][:, muscle, place], groups))
            },
            over_readers=averaged[muscle],
        )
        for muscle in range(len(MUSCLE_CODES))
    )


def _of_reader(reference: np.ndarray, compared: np.ndarray, groups: tuple[str, str]) -> Index | None:
    given = reference[~np.isnan(reference)], compared[~np.isnan(compared)]
    if not (len(given[0]) and len(given[1])):
        return None
    index = _index(*given, groups)
    return replace(index, value=index_value(*given))


def _index(reference: np.ndarray, compared: np.ndarray, groups: tuple[str, str]) -> Index:
    try:
        refuse_too_few((len(reference), len(compared)), groups)
    except NotEstimableError as reason:
        return Index("not_estimable", note=str(reason))
    return brunner_munzel(reference, compared)
