"""A muscle's probabilistic index as the object that ``compare --format json`` prints."""

from analysis.stats.index.brunner_munzel import Index
from analysis.stats.index.muscle_index import MuscleIndex
from analysis.stats.result_types import muscles as types


def as_json(index: MuscleIndex) -> types.MuscleIndex:
    """Make the object: the index of participants' means, with the readers' own and their mean beside it."""
    averaged = index.over_readers
    return {
        **_index(index.of_means),
        "over_readers": {
            "value": averaged.value,
            "ci_low": averaged.ci_low,
            "ci_high": averaged.ci_high,
            "note": averaged.note,
            "readers": [{"reader": name, **_index(own)} for name, own in index.readers.items()],
        },
    }


def _index(index: Index) -> types.Index:
    return {
        "value": index.value,
        "se": index.se,
        "statistic": index.statistic,
        "df": index.df,
        "p": index.p,
        "ci_low": index.ci_low,
        "ci_high": index.ci_high,
        "status": index.status,
        "note": index.note,
    }
