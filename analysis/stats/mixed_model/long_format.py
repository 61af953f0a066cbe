"""A model's design and response with a row for each grade, for engines that cannot do with less."""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.model import MUSCLES, Model


@dataclass(frozen=True)
class LongFormat:
    """Hold y = Xβ + ..., in order of participant and muscle.

    y: (n,) scores in grade points. X: (n, p). participant: (n,) as `Observations.row`, ascending.
    cell: (n,) the muscle, where the model has a variance between a participant's muscles; else None.
    """

    y: np.ndarray
    X: np.ndarray
    participant: np.ndarray
    cell: np.ndarray | None


def long_format(model: Model) -> LongFormat:
    """Write out the columns of `design_matrix`, or of `joint` for several muscles, that the model keeps."""
    observed = model.observed
    chosen = np.flatnonzero(np.isin(observed.muscle, model.muscles))
    chosen = chosen[np.lexsort([observed.muscle[chosen], observed.row[chosen]])]
    row, muscle = observed.row[chosen], observed.muscle[chosen]
    intercepts = _indicators(muscle, np.array(model.muscles))
    X = np.hstack(
        [
            intercepts,
            intercepts * observed.is_compared[chosen][:, None],
            model.covariates[row],
            _indicators(observed.reader[chosen], model.readers[1:]),
            _indicators(observed.side[chosen], model.sides[1:]),
        ]
    )
    has_cells = MUSCLES in model.terms.random
    return LongFormat(observed.score[chosen], X[:, model.columns], row, muscle if has_cells else None)


def _indicators(codes: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """(n, levels) 1 where a code is the level."""
    return (codes[:, None] == levels).astype(float)
