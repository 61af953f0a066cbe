"""One muscle's cumulative logit model with a participant's random intercept, by maximum likelihood.

    logit P(Y ≤ k) = θ_k − (β·group + ρ_reader + λ_side + u),    u ~ N(0, ω²)

over the categories that occur. β is the log odds ratio of the groups, of scoring above any cut rather than not,
positive where the compared group scores higher. Its p is from the likelihood ratio against the model with β = 0 (χ²,
one degree of freedom), its interval from the profile likelihood (`profile`), its standard error from the observed
information. Readers and sides are there where the muscle's grades have more than one of them; u where some
participant has several grades.

What has no maximum has a status:

* ω = 0 is a maximum like any other (`boundary`).
* The likelihood rises as β → ∞ or −∞ (`separation`): `separated`. There is no estimate, and one end of the interval;
  p is of the likelihood ratio at the limit. If it rises as a reader's or side's coefficient or a cut goes to
  infinity, β is that of the limit.
* The likelihood rises as ω → ∞, since readers never disagree on a participant, or only by a constant each:
  `not_estimable`.

Sources: McCullagh, J R Stat Soc B 1980;42:109–142. Hedeker & Gibbons, Biometrics 1994;50:933–944.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.contrast import LEAST_P
from analysis.stats.mixed_model.estimability import NO_VARIANCE, NotEstimableError, refuse_too_few
from analysis.stats.ordinal.events import Events, events_of
from analysis.stats.ordinal.maximum import Maximum, NoMaximumError, maximum, start, supremum
from analysis.stats.ordinal.profile import OPEN, TARGET, HigherError, IntervalEnd, interval_end
from analysis.stats.ordinal.separation import GROUP, at_the_end
from analysis.stats.result_types.codes import IntervalEndStatus, MuscleStatus

FLAT = "The grades do not tell the odds ratio of the groups from what readers, sides or categories have in common."
ENDLESS = (
    "Readers disagree on participants too little: the likelihood rises with the variance between participants for "
    "ever, and the odds ratio with it."
)
NOT_FOUND = "The likelihood has no maximum that could be found."
BOUNDARY = "The variance between participants is estimated as 0."
SEPARATED = "The likelihood rises as the log odds ratio goes to {side} infinity: no estimate, and p is from the limit."
OPEN_END = "The interval has no {end} end, it reaches to {side} infinity: the likelihood falls too little on that side."
NO_END_FOUND = "The {end} end of the interval could not be found."


@dataclass(frozen=True)
class LogOddsRatio:
    """Hold what the model says of the groups; None where ``note`` says why.

    estimate: β; se: from the observed information; statistic: the likelihood ratio, p on one degree of freedom.
    sd_participant: ω; None without repeated grades, and where it has no bound.
    log_likelihood: of the model with β; its limit where the groups are separated.
    low_end, high_end: of the interval, whether found, open (infinity) or not found; None without an interval.
    """

    status: MuscleStatus
    note: str = ""
    estimate: float | None = None
    se: float | None = None
    statistic: float | None = None
    p: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    sd_participant: float | None = None
    log_likelihood: float | None = None
    low_end: IntervalEndStatus | None = None
    high_end: IntervalEndStatus | None = None


def log_odds_ratio(
    observed: Observations, muscle: int, groups: tuple[str, str], *, has_interval: bool = True
) -> LogOddsRatio:
    """Fit the model of one muscle, and the one without groups.

    Args:
        muscle: its position in the paper's order.
        groups: names of the reference and the compared group, for the reasons.
        has_interval: with the interval, which takes as long as both fits.
    """
    try:
        refuse_too_few(observed.participants_by_group(muscle), groups)
        if np.ptp(observed.score[observed.of_muscle(muscle)]) == 0:
            raise NotEstimableError(NO_VARIANCE)
        return fitted(events_of(observed, muscle), has_interval=has_interval)
    except NotEstimableError as reason:
        return LogOddsRatio("not_estimable", str(reason))
    except (NoMaximumError, HigherError, np.linalg.LinAlgError):
        return LogOddsRatio("not_estimable", NOT_FOUND)


def fitted(events: Events, *, is_tested: bool = True, has_interval: bool = True) -> LogOddsRatio:
    """Fit the model of a muscle's events.

    Args:
        is_tested: with p, from a second fit.
        has_interval: with the interval, of what is tested.

    Raises:
        NotEstimableError: the events do not tell the groups' odds ratio, or ω → ∞.
        NoMaximumError: no maximum was found.
    """
    _refuse_flat(events)
    possible, _ = at_the_end(events, of_nuisance=True)
    _refuse_flat(possible)
    limit, rise = at_the_end(possible)
    if rise:
        return _separated(possible, limit, 1 if rise > 0 else -1, is_tested=is_tested, has_interval=has_interval)
    null = maximum(possible, start(possible), fixed=(GROUP,)) if is_tested else None
    full = maximum(possible, null.at if null and not null.is_endless else start(possible))
    return _answer(possible, null, full, has_interval=has_interval)


def _answer(events: Events, null: Maximum | None, full: Maximum, *, has_interval: bool) -> LogOddsRatio:
    """What follows from the maxima with and without groups; without a test from the former alone."""
    if full.is_endless:
        raise NotEstimableError(ENDLESS)
    is_at_boundary = events.is_mixed and full.omega == 0
    found = LogOddsRatio(
        "boundary" if is_at_boundary else "ok",
        BOUNDARY if is_at_boundary else "",
        estimate=float(full.at[GROUP]),
        se=float(np.sqrt(full.variance(GROUP))),
        sd_participant=full.omega if events.is_mixed else None,
        log_likelihood=full.value,
    )
    if null is None:
        return found
    statistic, p = _likelihood_ratio(full.value, supremum(events, null))
    found = replace(found, statistic=statistic, p=p)
    if not has_interval:
        return found
    try:
        return _with_interval(found, events, full)
    except HigherError as higher:
        return _from_higher(events, null, higher.found)


def _from_higher(events: Events, null: Maximum, near: Maximum) -> LogOddsRatio:
    """The answer from a maximum that the profile has come upon, higher than that which Newton's method found first."""
    if near.is_endless:
        raise NotEstimableError(ENDLESS)
    full = maximum(events, near.at)
    without = maximum(events, np.where(np.arange(len(near.at)) == GROUP, 0.0, near.at), fixed=(GROUP,))
    return _answer(events, max(null, without, key=lambda found: found.value), full, has_interval=True)


def _refuse_flat(events: Events) -> None:
    if not events.design[:, GROUP].any():
        raise NotEstimableError(FLAT)


def _with_interval(found: LogOddsRatio, events: Events, full: Maximum) -> LogOddsRatio:
    reach = TARGET * (found.se or 0.0)
    low, high = (interval_end(events, full, full.value, side, reach) for side in (-1, 1))
    note = " ".join(filter(None, [found.note, _said(low, -1), _said(high, 1)]))
    return _beside_the_limit(_between(replace(found, note=note), low, high), full.value, low, high)


def _beside_the_limit(found: LogOddsRatio, top: float, *ends: IntervalEnd) -> LogOddsRatio:
    """The likelihood ratio, should the model without groups be as likely as the profile is somewhere as ω → ∞."""
    least, p = _likelihood_ratio(top, max(end.limit for end in ends))
    return replace(found, statistic=least, p=p) if found.statistic is None or least < found.statistic else found


def _between(found: LogOddsRatio, low: IntervalEnd, high: IntervalEnd) -> LogOddsRatio:
    return replace(found, ci_low=low.value, ci_high=high.value, low_end=low.status, high_end=high.status)


def _said(end: IntervalEnd, side: int) -> str:
    """Why an end of the interval has no number, of the side that ``side`` is the sign of."""
    if end.status == "found":
        return ""
    words = {"end": "upper", "side": "plus"} if side > 0 else {"end": "lower", "side": "minus"}
    return (OPEN_END if end.status == "open" else NO_END_FOUND).format(**words)


def _separated(events: Events, limit: Events, side: int, *, is_tested: bool, has_interval: bool) -> LogOddsRatio:
    """What is known of a β that goes to ± infinity, by the sign ``side``: all but an estimate and the end there."""
    found = LogOddsRatio("separated", SEPARATED.format(side="plus" if side > 0 else "minus"))
    if not is_tested:
        return found
    full = maximum(limit, start(limit))
    top = supremum(limit, full)
    null = maximum(events, start(events), fixed=(GROUP,))
    statistic, p = _likelihood_ratio(top, supremum(events, null))
    omega = full.omega if full.is_free[-1] and not full.is_endless else None
    found = replace(found, statistic=statistic, p=p, sd_participant=omega, log_likelihood=top)
    if not has_interval:
        return found
    end = OPEN if null.is_endless and statistic < TARGET**2 else interval_end(events, null, top, -side)
    found = replace(found, note=" ".join(filter(None, [found.note, _said(end, -side)])))
    found = _between(found, end, OPEN) if side > 0 else _between(found, OPEN, end)
    return _beside_the_limit(found, top, end)


def _likelihood_ratio(with_groups: float, without: float) -> tuple[float, float]:
    """2 (ℓ₁ − ℓ₀), and its p from χ² on one degree of freedom."""
    from scipy.special import ndtr  # here: most commands and pages need no distribution

    statistic = max(2 * (with_groups - without), 0.0)
    return statistic, max(float(2 * ndtr(-np.sqrt(statistic))), LEAST_P)
