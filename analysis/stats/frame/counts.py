"""How much a comparison rests on."""

from dataclasses import dataclass

import numpy as np

from analysis.stats.frame.observations import Observations


@dataclass(frozen=True)
class Counts:
    """Count what the comparison rests on: participants and reads with at least one assessed grade in the set."""

    participants: int
    reference: int
    compared: int
    reads: int
    grades: int
    fat_scored: int  # participants


def counts(observed: Observations) -> Counts:
    """Count what a comparison of the observations rests on."""
    is_graded, is_compared = observed.row_is_graded, observed.row_is_compared
    return Counts(
        participants=int(is_graded.sum()),
        reference=int((is_graded & ~is_compared).sum()),
        compared=int((is_graded & is_compared).sum()),
        reads=len(np.unique(observed.read)),
        grades=len(observed.score),
        fat_scored=len(np.unique(observed.row[observed.is_fat])),
    )
