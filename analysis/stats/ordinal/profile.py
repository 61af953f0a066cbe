"""Where the profile likelihood of the group's coefficient has fallen by as much as a 95 % interval allows.

With ℓ(β) the log-likelihood at its maximum over everything but β, an end of the interval is the β at which

    r(β) = √(2 (ℓ̂ − ℓ(β))) = 1.96        (the likelihood ratio is 3.84, the 95 % quantile of χ² on one degree)

r is nearly a straight line, so Newton's method finds the end in three or four steps, kept within what is known to be
inside and outside the interval. Each step starts where the other parameters would be if ℓ were a parabola.

Source: Venzon & Moolgavkar, Appl Stat 1988;37:87–94.
"""

import numpy as np

from analysis.stats.ordinal.events import Events
from analysis.stats.ordinal.maximum import Maximum, NoMaximumError, maximum, start, supremum
from analysis.stats.ordinal.separation import GROUP

TARGET = 1.959963984540054  # the 97.5 % quantile of the normal distribution
FARTHEST = 200.0  # log odds ratio beyond which no end is looked for
_STEPS = 60
_CLOSE = 1e-6


def interval_end(events: Events, near: Maximum, top: float, side: int, reach: float = 0.0) -> float | None:
    """Find one end of the interval.

    Args:
        near: a maximum to start from: over everything, or over everything but β.
        top: ℓ̂, the greatest log-likelihood.
        side: −1 for the lower end, 1 for the upper one.
        reach: how far from ``near`` to look first.

    Returns:
        None where there is no end: the likelihood falls by less on this side, however far one goes.
    """
    inside, outside = -np.inf, np.inf  # of side · β
    beta = near.at[GROUP] + side * reach
    try:
        for _ in range(_STEPS):
            near = maximum(events, _predicted(events, near, beta), fixed=(GROUP,))
            r = np.sqrt(max(2 * (top - supremum(events, near)), 0.0))
            if abs(r - TARGET) < _CLOSE:
                return float(beta)
            inside, outside = (side * beta, outside) if r < TARGET else (inside, side * beta)
            slope = -side * near.gradient[GROUP] / max(r, 1e-9)
            beta = side * _next(side * beta, (TARGET - r) / slope if slope > 0 else np.inf, r, inside, outside)
            if abs(beta) > FARTHEST:
                return None
    except NoMaximumError:
        return None
    return None


def _next(x: float, step: float, r: float, inside: float, outside: float) -> float:
    """Where Newton's method goes next, or the middle of what is still possible; at most as far again as before."""
    most = 2 + abs(x)
    aim = x + np.clip(np.copysign(step, TARGET - r), -most, most)
    return aim if inside < aim < outside else (inside + outside) / 2


def _predicted(events: Events, near: Maximum, beta: float) -> np.ndarray:
    """The other parameters at another β if the log-likelihood were a parabola; from the start where it has no top."""
    if near.is_endless:
        at = start(events)
        at[GROUP] = beta
        return at
    at = near.at.copy()
    others = near.is_free.copy()
    others[GROUP] = False
    across = near.hessian[others, GROUP]
    at[others] -= np.linalg.lstsq(near.hessian[np.ix_(others, others)], across, rcond=None)[0] * (beta - at[GROUP])
    at[GROUP] = beta
    return at
