"""Where the profile likelihood of the group's coefficient has fallen by as much as a 95 % interval allows.

With ℓ(β) the log-likelihood at its maximum over everything but β, an end of the interval is the β at which

    r(β) = √(2 (ℓ̂ − ℓ(β))) = 1.96        (the likelihood ratio is 3.84, the 95 % quantile of χ² on one degree)

r is nearly a straight line, so Newton's method finds the end in three or four steps, kept within what is known to be
inside and outside the interval. Each step starts where the other parameters would be if ℓ were a parabola.

An end is *open* where r stays below 1.96 however far β goes: the interval reaches to infinity there. So it is where
the log-likelihood rises as ω → ∞ beside a β inside the interval: its limit is the same beside every β, and ℓ(β) is
nowhere less. That is another thing than an end that the search does not find.

Source: Venzon & Moolgavkar, Appl Stat 1988;37:87–94.
"""

from dataclasses import dataclass

import numpy as np

from analysis.stats.ordinal.events import Events
from analysis.stats.ordinal.maximum import ENDLESS, Maximum, NoMaximumError, maximum, start, supremum
from analysis.stats.ordinal.separation import GROUP
from analysis.stats.result_types.codes import IntervalEndStatus

TARGET = 1.959963984540054  # the 97.5 % quantile of the normal distribution
FARTHEST = 200.0  # log odds ratio up to which an end is looked for, and a way on that counts as for ever
_STEPS = 60
_CLOSE = 1e-6
_HIGHER = 1e-4  # difference of log-likelihoods that no rounding makes


@dataclass(frozen=True)
class IntervalEnd:
    """Hold one end of the interval: a value that is found; None of one that is open (infinity) or was not found.

    limit: of the log-likelihood as ω → ∞, where the search came upon it: nowhere, and at no β, is it less.
    """

    status: IntervalEndStatus
    value: float | None = None
    limit: float = -np.inf


class HigherError(ArithmeticError):
    """Somewhere along the profile the log-likelihood is higher than at the maximum, which then is one of several."""

    def __init__(self, found: Maximum) -> None:
        super().__init__()
        self.found = found


OPEN = IntervalEnd("open")
NOT_FOUND = IntervalEnd("not_found")


def interval_end(events: Events, near: Maximum, top: float, side: int, reach: float = 0.0) -> IntervalEnd:
    """Find one end of the interval.

    Args:
        near: a maximum to start from: over everything, or over everything but β.
        top: ℓ̂, the greatest log-likelihood.
        side: −1 for the lower end, 1 for the upper one.
        reach: how far from ``near`` to look first.

    Returns:
        An open end where the likelihood falls by less on this side, however far one goes.

    Raises:
        HigherError: ``top`` is not the greatest log-likelihood.
    """
    inside, outside = -np.inf, np.inf  # of side · β
    beta = near.at[GROUP] + side * reach
    try:
        for _ in range(_STEPS):
            near = maximum(events, _predicted(events, near, beta), fixed=(GROUP,))
            if near.value > top + _HIGHER:
                raise HigherError(near)
            highest = supremum(events, near)
            r = np.sqrt(max(2 * (top - highest), 0.0))
            if abs(r - TARGET) < _CLOSE:
                return IntervalEnd("found", float(beta))
            if near.is_endless and r < TARGET:
                return IntervalEnd("open", limit=highest)
            inside, outside = (side * beta, outside) if r < TARGET else (inside, side * beta)
            slope = -side * near.gradient[GROUP] / max(r, 1e-9)
            step = (TARGET - r) / slope if slope > 0 else np.inf
            beta = side * _next(side * beta, step, r, inside, outside)
            if abs(beta) > FARTHEST:
                return OPEN if outside == np.inf and step > FARTHEST else NOT_FOUND
    except (NoMaximumError, np.linalg.LinAlgError):
        return NOT_FOUND
    return NOT_FOUND


def _next(x: float, step: float, r: float, inside: float, outside: float) -> float:
    """Where Newton's method goes next, or the middle of what is still possible; at most as far again as before."""
    most = 2 + abs(x)
    aim = x + np.clip(np.copysign(step, TARGET - r), -most, most)
    return aim if inside < aim < outside else (inside + outside) / 2


def _predicted(events: Events, near: Maximum, beta: float) -> np.ndarray:
    """The other parameters at another β if the log-likelihood were a parabola; the start where that leads nowhere."""
    at, afresh = near.at.copy(), start(events)
    afresh[GROUP] = beta
    if near.is_endless:
        return afresh
    others = near.is_free.copy()
    others[GROUP] = False
    across = near.hessian[others, GROUP]
    at[others] -= np.linalg.lstsq(near.hessian[np.ix_(others, others)], across, rcond=None)[0] * (beta - at[GROUP])
    at[GROUP] = beta
    is_near = np.abs(at).max() < ENDLESS  # on a flat ridge the parabola leads to where no integral can be had
    return at if is_near and (events.gaps @ at[:-1] > 0).all() else afresh
