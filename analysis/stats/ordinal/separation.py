"""Where the likelihood rises for ever: directions of the parameters along which every event becomes more certain.

A direction d is such a one if all reads that exceed a cut have (Dd) ≥ 0, and all that do not have (Dd) ≤ 0 (Albert &
Anderson 1984, of a participant's integral as of a single read: it falls to 0 as soon as one of its events becomes
impossible). At the end of the direction the events with Dd ≠ 0 are certain; what is left is a model of the others,
whose maximum is the supremum of the likelihood. Of all such directions the one with the most certain events is found
by a linear program:

    maximise Σ s    so that    0 ≤ s ≤ 1,  sign · Dd ≥ s  of one-sided events,  Dd = 0  of the others.

Sources: Albert & Anderson, Biometrika 1984;71:1–10. Geyer, Electron J Stat 2009;3:259–289 (the limiting model).
"""

import numpy as np

from analysis.stats.ordinal.events import Events

GROUP = 0  # position of the group's coefficient


def at_the_end(events: Events, *, of_nuisance: bool = False) -> tuple[Events, float]:
    """Take the likelihood to the end of its rising directions.

    Args:
        of_nuisance: only of directions that leave the group's coefficient as it is.

    Returns:
        The events that are not certain there, and how much the group's coefficient rises (0 for not at all).
    """
    signs, design = events.signs, events.design
    is_free = np.any(design, axis=0) & ~(of_nuisance & (np.arange(design.shape[1]) == GROUP))
    both = design[signs == 0][:, is_free]
    if len(both) and np.linalg.matrix_rank(both) == is_free.sum():
        return events, 0.0
    direction = np.zeros(design.shape[1])
    direction[is_free] = _most_certain(both, (design * signs[:, None])[signs != 0][:, is_free])
    is_certain = np.abs(design @ direction) > 0.5
    if not is_certain.any():
        return events, 0.0
    return events.without(is_certain, direction), float(direction[GROUP])


def _most_certain(both: np.ndarray, one_sided: np.ndarray) -> np.ndarray:
    from scipy.optimize import linprog  # here: most commands and pages need none

    n, p = one_sided.shape
    found = linprog(
        c=np.concatenate([np.zeros(p), -np.ones(n)]),
        A_ub=np.hstack([-one_sided, np.eye(n)]),
        b_ub=np.zeros(n),
        A_eq=np.hstack([both, np.zeros((len(both), n))]) if len(both) else None,
        b_eq=np.zeros(len(both)) if len(both) else None,
        bounds=[(None, None)] * p + [(0, 1)] * n,
    )
    return found.x[:p] if found.status == 0 else np.zeros(p)
