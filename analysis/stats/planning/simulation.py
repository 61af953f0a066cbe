"""Power and width by simulation: each data set is drawn, and judged as the comparison and the agreement page judge.

The group difference is that of the default comparison (`mixed_model.per_muscle`, Kenward–Roger). A data set without an
answer shows nothing. Agreement is of the participants of both groups whom every reader graded: the interval of
ICC(2,1) is by F, that of the generalised kappa with quadratic weights by resampling participants.

The data sets of a plan are numbered through, size by size. Any range of them is counted by itself, in whole numbers, so
that ranges add up to the same answer whoever counted which, and in whatever order they come.

Of B data sets a share p has the Monte-Carlo standard error √(p (1 − p) / B), and the interval of Wilson's score.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass

import numpy as np

from analysis.stats.agreement.coefficients import CONFIDENCE, Undefined, icc_2_1, mean_squares
from analysis.stats.agreement.resampled import resampled
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.estimates import estimates
from analysis.stats.mixed_model.per_muscle import muscle_model
from analysis.stats.planning.scores import draw, observed
from analysis.stats.planning.setting import LEVEL, Setting

PIECE = 20  # data sets that are done between two words of progress
RESAMPLES = 200  # of an interval of kappa: its limits are needed on the average only
_GROUPS = ("reference", "compared")
_UNITS = 10**9  # of a width in a grade point: whole numbers add up to the same in any order
_Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Tally:
    """Count what data sets of one size of groups show, in whole numbers.

    shown, strictly: p ≤ 0.05; p ≤ 0.05 / muscles. unanswered: without a difference that can be tested.
    icc, kappa: whose interval lies above the bound.
    width, squares: sums of the widths of the other data sets' intervals, and of their squares, in 10⁻⁹ grade points.
    """

    data_sets: int = 0
    shown: int = 0
    strictly: int = 0
    unanswered: int = 0
    icc: int = 0
    kappa: int = 0
    width: int = 0
    squares: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(one + two for one, two in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Share:
    """Hold a share of data sets with its Monte-Carlo standard error and 95 % interval."""

    value: float
    se: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class Size:
    """Hold what groups of a size bring.

    power, strict_power: p ≤ 0.05; p ≤ 0.05 / muscles.
    width, width_se: of the 95 % interval of the difference, on the average of those that have one; None where none has.
    unanswered: data sets without a difference that can be tested.
    icc, kappa: intervals that lie above the bound; None with one reader.
    """

    participants: int
    power: Share
    strict_power: Share
    width: float | None
    width_se: float | None
    unanswered: Share
    icc: Share | None
    kappa: Share | None


def simulate(setting: Setting, told: _Told = lambda done, total: None) -> tuple[Size, ...]:
    """Simulate every size of groups.

    Args:
        told: how many data sets are done, and of how many.
    """
    tallies, total = [], all_data_sets(setting)
    for first, last in pieces(setting):
        told(first, total)
        tallies.append(counted(setting, first, last))
    return summed(setting, tallies)


def all_data_sets(setting: Setting) -> int:
    """Count the data sets of a plan."""
    return setting.data_sets * len(setting.participants)


def pieces(setting: Setting) -> Iterator[tuple[int, int]]:
    """Split a plan into ranges of data sets, from the first to before the last."""
    total = all_data_sets(setting)
    for first in range(0, total, PIECE):
        yield first, min(first + PIECE, total)


def counted(setting: Setting, first: int, last: int) -> tuple[Tally, ...]:
    """Draw and judge the data sets from ``first`` to before ``last``, and count them: a tally for each size."""
    tallies = [Tally()] * len(setting.participants)
    for number in range(first, last):
        size, of_size = divmod(number, setting.data_sets)
        tallies[size] += _judged(setting, draw(setting, setting.participants[size], of_size))
    return tuple(tallies)


def _judged(setting: Setting, scores: np.ndarray) -> Tally:
    p, width = difference(scores)
    icc, kappa = _lower_limits(scores)
    has_width = not np.isnan(width)
    units = round(width * _UNITS) if has_width else 0
    return Tally(  # what compares with NaN is false
        data_sets=1,
        shown=int(p <= LEVEL),
        strictly=int(p <= LEVEL / setting.muscles),
        unanswered=int(not has_width),
        icc=int(icc > setting.bound),
        kappa=int(kappa > setting.bound),
        width=units,
        squares=units**2,
    )


def difference(scores: np.ndarray) -> tuple[float, float]:
    """Test the difference of the groups: p, and the width of its 95 % interval; NaN where neither can be had."""
    try:
        estimate = estimates(muscle_model(observed(scores), 0, _GROUPS), "kenward-roger").get(0)
    except NotEstimableError:
        estimate = None
    if estimate is None or estimate.contrast is None:
        return np.nan, np.nan
    return estimate.contrast.p, estimate.contrast.ci_high - estimate.contrast.ci_low


def summed(setting: Setting, counts: Iterable[tuple[Tally, ...]]) -> tuple[Size, ...]:
    """Put the counts of all ranges of a plan together, in whatever order."""
    tallies = [Tally()] * len(setting.participants)
    for of_range in counts:
        tallies = [one + two for one, two in zip(tallies, of_range, strict=True)]
    return tuple(_size(setting, size, tally) for size, tally in zip(setting.participants, tallies, strict=True))


def _size(setting: Setting, participants: int, tally: Tally) -> Size:
    n, has_agreement = tally.data_sets, setting.readers > 1
    with_width = n - tally.unanswered
    spread = with_width * tally.squares - tally.width**2  # n (n - 1) times the variance, in whole numbers
    return Size(
        participants=participants,
        power=_share(tally.shown, n),
        strict_power=_share(tally.strictly, n),
        width=tally.width / (with_width * _UNITS) if with_width else None,
        width_se=(spread / (with_width - 1)) ** 0.5 / (with_width * _UNITS) if with_width > 1 else None,
        unanswered=_share(tally.unanswered, n),
        icc=_share(tally.icc, n) if has_agreement else None,
        kappa=_share(tally.kappa, n) if has_agreement else None,
    )


def _lower_limits(scores: np.ndarray) -> tuple[float, float]:
    units = scores.reshape(-1, scores.shape[-1])
    complete = units[~np.isnan(units).any(axis=1)]
    try:
        icc = icc_2_1(mean_squares(complete)).ci_low
    except Undefined:
        icc = None
    kappa = resampled(scores, RESAMPLES)["kappa_quadratic"].ci_low
    return np.nan if icc is None else icc, np.nan if kappa is None else kappa


def _share(count: int, n: int) -> Share:
    """Give a share with Wilson's interval (J Am Stat Assoc 1927;22:209)."""
    from scipy.special import ndtri  # here: most commands and pages need no distribution

    p, z = count / n, float(ndtri((1 + CONFIDENCE) / 2))
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5 / (1 + z**2 / n)
    low, high = 0.0 if count == 0 else centre - reach, 1.0 if count == n else centre + reach
    return Share(p, (p * (1 - p) / n) ** 0.5, low, high)
