"""A model's design and response with a row for each grade, for engines that cannot do with less."""

from dataclasses import dataclass

import numpy as np

from analysis.stats.mixed_model.model import MUSCLES, Model


@dataclass(frozen=True)
class Rows:
    """y = Xβ + ..., in order of participant and muscle.

    y: (n,) scores in grade points. X: (n, p). participant: (n,) codes, ascending.
    cell: (n,) the muscle, where the model has a variance between a participant's muscles; else None.
    """

    y: np.ndarray
    X: np.ndarray
    participant: np.ndarray
    cell: np.ndarray | None


def rows_of(model: Model) -> Rows:
    """The columns of `design_matrix`, or of `joint` for several muscles, that the model keeps."""
    observed = model.observed
    chosen = np.flatnonzero(np.isin(observed.muscle, model.muscles))
    chosen = chosen[np.lexsort([observed.muscle[chosen], observed.participant[chosen]])]
    participant, muscle = observed.participant[chosen], observed.muscle[chosen]
    intercepts = _indicators(muscle, np.array(model.muscles))
    X = np.hstack(
        [
            intercepts,
            intercepts * (participant % 2)[:, None],
            _indicators(observed.reader[chosen], model.readers[1:]),
            _indicators(observed.side[chosen], model.sides[1:]),
        ]
    )
    has_cells = MUSCLES in model.terms.random
    return Rows(observed.score[chosen], X[:, model.columns], participant, muscle if has_cells else None)


def _indicators(codes: np.ndarray, levels: np.ndarray) -> np.ndarray:
    return (codes[:, None] == levels).astype(float)
