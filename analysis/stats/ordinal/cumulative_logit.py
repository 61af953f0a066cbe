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
from analysis.stats.ordinal.profile import TARGET, interval_end
from analysis.stats.ordinal.separation import GROUP, at_the_end
from analysis.stats.result_types import MuscleStatus

FLAT = "The grades do not tell the odds ratio of the groups from what readers, sides or categories have in common."
ENDLESS = (
    "Readers disagree on participants too little: the likelihood rises with the variance between participants for "
    "ever, and the odds ratio with it."
)
NOT_FOUND = "The likelihood has no maximum that could be found."
BOUNDARY = "The variance between participants is estimated as 0."
SEPARATED = "The likelihood rises as the log odds ratio goes to {side} infinity: no estimate, and p is from the limit."
OPEN = "The interval has no {end} end: the likelihood falls too little on that side."


@dataclass(frozen=True)
class LogOddsRatio:
    """Hold what the model says of the groups; None where ``note`` says why.

    estimate: β; se: from the observed information; statistic: the likelihood ratio, p on one degree of freedom.
    sd_participant: ω; None without repeated grades, and where it has no bound.
    log_likelihood: of the model with β; its limit where the groups are separated.
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
    except (NoMaximumError, np.linalg.LinAlgError):
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
    if full.is_endless:
        raise NotEstimableError(ENDLESS)
    is_at_boundary = possible.is_mixed and full.omega == 0
    found = LogOddsRatio(
        "boundary" if is_at_boundary else "ok",
        BOUNDARY if is_at_boundary else "",
        estimate=float(full.at[GROUP]),
        se=float(np.sqrt(full.variance(GROUP))),
        sd_participant=full.omega if possible.is_mixed else None,
        log_likelihood=full.value,
    )
    if null is None:
        return found
    statistic, p = _likelihood_ratio(full.value, supremum(possible, null))
    found = replace(found, statistic=statistic, p=p)
    return _with_interval(found, possible, full) if has_interval else found


def _refuse_flat(events: Events) -> None:
    if not events.design[:, GROUP].any():
        raise NotEstimableError(FLAT)


def _with_interval(found: LogOddsRatio, events: Events, full: Maximum) -> LogOddsRatio:
    reach = TARGET * (found.se or 0.0)
    low, high = (interval_end(events, full, full.value, side, reach) for side in (-1, 1))
    opened = [OPEN.format(end=end) for end, limit in (("lower", low), ("upper", high)) if limit is None]
    note = " ".join(filter(None, [found.note, *opened]))
    return replace(found, note=note, ci_low=low, ci_high=high)


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
    end = None if null.is_endless and statistic < TARGET**2 else interval_end(events, null, top, -side)
    note = found.note if end is not None else f"{found.note} {OPEN.format(end='lower' if side > 0 else 'upper')}"
    low, high = (end, None) if side > 0 else (None, end)
    return replace(found, note=note, ci_low=low, ci_high=high)


def _likelihood_ratio(with_groups: float, without: float) -> tuple[float, float]:
    """2 (ℓ₁ − ℓ₀), and its p from χ² on one degree of freedom."""
    from scipy.special import ndtr  # here: most commands and pages need no distribution

    statistic = max(2 * (with_groups - without), 0.0)
    return statistic, max(float(2 * ndtr(-np.sqrt(statistic))), LEAST_P)
