"""Power and width by simulation: each data set is drawn, and judged as the comparison and the agreement page judge.

The group difference is that of the default comparison (`mixed_model.per_muscle`, Kenward–Roger). A data set without an
answer shows nothing. Agreement is of the participants of both groups whom every reader graded: the interval of
ICC(2,1) is by F, that of the generalised kappa with quadratic weights by resampling participants.

Of B data sets a share p has the Monte-Carlo standard error √(p (1 − p) / B), and the interval of Wilson's score.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from analysis.stats.agreement.coefficients import CONFIDENCE, Undefined, icc_2_1, mean_squares
from analysis.stats.agreement.resampled import resampled
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.mixed_model.estimates import estimates
from analysis.stats.mixed_model.per_muscle import muscle_model
from analysis.stats.planning.scores import draw, observed
from analysis.stats.planning.setting import LEVEL, Setting

PIECE = 50  # data sets
RESAMPLES = 200  # of an interval of kappa: its limits are needed on the average only
_GROUPS = ("reference", "compared")


@dataclass(frozen=True)
class Piece:
    """Hold where some data sets of a size of groups stand: ``numbers``, which any worker can do."""

    participants: int
    numbers: range


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


def simulate(setting: Setting) -> tuple[Size, ...]:
    """Simulate every size of groups."""
    found: dict[int, list[np.ndarray]] = {}
    for piece in pieces(setting):
        found.setdefault(piece.participants, []).append(outcomes(setting, piece))
    return tuple(summed(setting, participants, parts) for participants, parts in found.items())


def pieces(setting: Setting) -> Iterator[Piece]:
    """Split a plan into pieces; put together in this order they give one answer, whoever did them."""
    for participants in setting.participants:
        for start in range(0, setting.data_sets, PIECE):
            yield Piece(participants, range(start, min(start + PIECE, setting.data_sets)))


def outcomes(setting: Setting, piece: Piece) -> np.ndarray:
    """Judge the data sets of a piece: (data sets, 4), p, width, lower limits of ICC and kappa; NaN for none."""
    drawn = (draw(setting, piece.participants, number) for number in piece.numbers)
    return np.array([[*difference(scores), *_lower_limits(scores)] for scores in drawn])


def difference(scores: np.ndarray) -> tuple[float, float]:
    """Test the difference of the groups: p, and the width of its 95 % interval."""
    try:
        estimate = estimates(muscle_model(observed(scores), 0, _GROUPS), "kenward-roger").get(0)
    except NotEstimableError:
        estimate = None
    if estimate is None or estimate.contrast is None:
        return np.nan, np.nan
    return estimate.contrast.p, estimate.contrast.ci_high - estimate.contrast.ci_low


def summed(setting: Setting, participants: int, parts: Iterable[np.ndarray]) -> Size:
    """Sum up the outcomes of all data sets of a size."""
    p, width, icc, kappa = np.concatenate(list(parts)).T
    known = width[~np.isnan(width)]
    has_agreement = setting.readers > 1
    return Size(
        participants=participants,
        power=_share(p <= LEVEL),
        strict_power=_share(p <= LEVEL / setting.muscles),
        width=float(known.mean()) if len(known) else None,
        width_se=float(known.std(ddof=1) / len(known) ** 0.5) if len(known) > 1 else None,
        unanswered=_share(np.isnan(p)),
        icc=_share(icc > setting.bound) if has_agreement else None,
        kappa=_share(kappa > setting.bound) if has_agreement else None,
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


def _share(is_so: np.ndarray) -> Share:
    """Count, with Wilson's interval (J Am Stat Assoc 1927;22:209)."""
    from scipy.special import ndtri  # here: most commands and pages need no distribution

    n, p, z = len(is_so), float(is_so.mean()), float(ndtri((1 + CONFIDENCE) / 2))
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    reach = z * (p * (1 - p) / n + z**2 / (4 * n**2)) ** 0.5 / (1 + z**2 / n)
    return Share(p, (p * (1 - p) / n) ** 0.5, max(centre - reach, 0.0), min(centre + reach, 1.0))
