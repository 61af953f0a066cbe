"""The maximum of the log-likelihood by Newton's method, with its Hessian made negative definite where it is not."""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.ordinal.events import Events
from analysis.stats.ordinal.likelihood import Point, log_likelihood

ENDLESS = 100.0  # a standard deviation of participants that is taken as one without bound
_LARGE = 15.0  # one from which on it is asked whether one four times as large is as likely
_LARGER = 4
_AS_LIKELY = 1e-5  # difference of log-likelihoods
_INSIDE = 0.3  # one from which a maximum at 0 and one inside are found
ZERO = 1e-3  # one under which it is asked whether 0 is as likely
_STEPS = 200
_GAIN = 1e-9  # of the log-likelihood, under which the step is the last one: what it misses is smaller by far
_FLATTEST = 1e-9  # curvature, beside the greatest


class NoMaximumError(ArithmeticError):
    """Newton's method found no maximum."""


@dataclass(frozen=True)
class Maximum:
    """Hold the maximum over the free parameters.

    at: (p + 1,) where it is; ω, the last, is 0 at the boundary.
    is_free: (p + 1,) which parameters it is over.
    hessian: (p + 1, p + 1) of the log-likelihood there.
    is_endless: the log-likelihood rises as ω → ∞, or does not fall; ``value`` is not its limit.
    """

    at: np.ndarray
    value: float
    gradient: np.ndarray
    hessian: np.ndarray
    is_free: np.ndarray
    is_endless: bool = False

    @property
    def omega(self) -> float:
        """Give the standard deviation of participants."""
        return float(self.at[-1])

    def variance(self, parameter: int) -> float:
        """Give a free parameter's variance from the observed information.

        Raises:
            NoMaximumError: there is none: the likelihood is flat.
        """
        unit = (np.flatnonzero(self.is_free) == parameter).astype(float)
        found = float(unit @ np.linalg.solve(-self.hessian[np.ix_(self.is_free, self.is_free)], unit))
        if not 0 < found < np.inf:
            raise NoMaximumError
        return found


def start(events: Events) -> np.ndarray:
    """Put the cuts where all reads taken together have them, without differences of groups, readers and sides."""
    at = np.zeros(events.design.shape[1] + 1)
    below = np.cumsum(events.category_reads)[:-1]
    above = events.category_reads.sum() - below
    at[1 : len(below) + 1] = np.log(below / above)
    at[-1] = 1.0 if events.is_mixed else 0.0
    return at


def maximum(events: Events, at: np.ndarray, *, fixed: tuple[int, ...] = ()) -> Maximum:
    """Maximise the log-likelihood.

    Args:
        at: (p + 1,) where to start, as `start` has it or from an earlier maximum.
        fixed: parameters that stay as they are; ω does where no participant has several reads.

    Raises:
        NoMaximumError: none was found.
    """
    is_free = np.append(np.any(events.design, axis=0), events.is_mixed and len(events.design) > 0)
    is_free[list(fixed)] = False
    if not is_free[-1]:
        return _newton(events, at, is_free)
    found = _newton(events, np.append(at[:-1], max(at[-1], _INSIDE)), is_free)
    if found.omega > _LARGE:
        return replace(found, is_endless=found.omega >= ENDLESS or _does_not_fall(events, found))
    if found.omega < ZERO:
        return _at_zero(events, found)
    return found


def _at_zero(events: Events, found: Maximum) -> Maximum:
    """The maximum with ω = 0, unless the log-likelihood rises from there: ω = 0 is level whether or not it does."""
    others = np.append(found.is_free[:-1], False)
    at_zero = _newton(events, np.append(found.at[:-1], 0.0), others)
    inside = np.append(at_zero.at[:-1], _INSIDE)
    if log_likelihood(events, inside).value > at_zero.value:
        found = _newton(events, inside, found.is_free)
        return replace(found, is_endless=found.omega >= ENDLESS)
    return at_zero if at_zero.value > found.value - 1e-7 else found


def supremum(events: Events, found: Maximum) -> float:
    """Give the greatest log-likelihood; of an endless one its limit, from which it is c / ω away.

    A parameter that is fixed is nothing beside an ω without bound, whatever its value.
    """
    if not found.is_endless:
        return found.value
    near = _at_omega(events, replace(found, at=np.where(found.is_free, found.at, 0.0)), ENDLESS)
    return 2 * _at_omega(events, near, 2 * ENDLESS).value - near.value


def _does_not_fall(events: Events, found: Maximum) -> bool:
    return _at_omega(events, found, _LARGER * found.omega).value > found.value - _AS_LIKELY


def _at_omega(events: Events, found: Maximum, omega: float) -> Maximum:
    """The maximum over everything but ω, which the other parameters grow with, but for those that are fixed."""
    is_free = found.is_free.copy()
    is_free[-1] = False
    at = np.where(is_free, found.at * (omega / found.omega), found.at)
    at[-1] = omega
    return _newton(events, at, is_free)


def _newton(events: Events, at: np.ndarray, is_free: np.ndarray) -> Maximum:
    point = log_likelihood(events, at)
    for _ in range(_STEPS):
        gradient, hessian = point.gradient[is_free], point.hessian[np.ix_(is_free, is_free)]
        step = np.zeros(len(at))
        step[is_free] = _ascent(gradient, hessian)
        gain = step @ point.gradient / 2
        step *= min(1.0, max(3.0, np.abs(point.at).max()) / max(np.abs(step).max(), 1e-300))
        if gain < _GAIN or (is_free[-1] and point.at[-1] >= ENDLESS):
            return _after(point, step, is_free)
        point = _higher(events, point, step)
    raise NoMaximumError


def _after(point: Point, step: np.ndarray, is_free: np.ndarray) -> Maximum:
    """What the last, smallest step leads to, by the parabola that it was found from."""
    at = point.at + step
    at[-1] = abs(at[-1])
    gradient = point.gradient + point.hessian @ step
    return Maximum(at, point.value + float(step @ point.gradient) / 2, gradient, point.hessian, is_free)


def _ascent(gradient: np.ndarray, hessian: np.ndarray) -> np.ndarray:
    """Newton's step, uphill also where the log-likelihood is not concave."""
    if not len(gradient):
        return gradient
    curvature, axes = np.linalg.eigh(-hessian)
    curvature = np.maximum(np.abs(curvature), _FLATTEST * max(np.abs(curvature).max(), 1e-300))
    return axes @ ((axes.T @ gradient) / curvature)


def _higher(events: Events, point: Point, step: np.ndarray) -> Point:
    """A point along the step, or half of it, a quarter, …, where the log-likelihood is higher."""
    slope = step @ point.gradient
    for halvings in range(40):
        share = 0.5**halvings
        at = point.at + share * step
        at[-1] = min(abs(at[-1]), 3 * max(point.at[-1], 0.1))  # −ω is the same as ω
        found = log_likelihood(events, at)
        if found.value >= point.value + 1e-4 * share * slope - 1e-11 * abs(point.value):
            return found
    raise NoMaximumError
