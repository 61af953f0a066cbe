"""Whether proportional odds are bearable: each cut of the scores on its own, beside the pooled odds ratio.

The model takes the groups' odds ratio as the same at every cut. For each score s but the lowest, the same model of
"scored s or more" alone, a logistic one with a participant's random intercept, has an odds ratio of its own. Log odds
ratios that are far apart beside their standard errors say that the pooled one hides something. They are estimated from
the same grades, and each is less certain than the pooled one; they have no intervals and no test here.

Source: Brant, Biometrics 1990;46:1171–1178.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model.estimability import NotEstimableError
from analysis.stats.ordinal.cumulative_logit import NOT_FOUND, LogOddsRatio, fitted
from analysis.stats.ordinal.events import events_of
from analysis.stats.ordinal.maximum import NoMaximumError


@dataclass(frozen=True)
class CutOddsRatio:
    """Hold the odds ratio of scoring ``at_least`` so much: estimate and standard error, without test or interval."""

    at_least: float
    odds: LogOddsRatio


def cut_odds_ratios(observed: Observations, muscle: int) -> tuple[CutOddsRatio, ...]:
    """Fit each cut of a muscle on its own; none where there is only one cut, which then is the pooled one.

    Args:
        muscle: its position in the paper's order, of one that the pooled model can be asked of.
    """
    scores = np.unique(observed.score[observed.of_muscle(muscle)])[1:]
    return tuple(CutOddsRatio(float(score), _of_cut(observed, muscle, score)) for score in scores if len(scores) > 1)


def _of_cut(observed: Observations, muscle: int, score: float) -> LogOddsRatio:
    try:
        return fitted(
            events_of(replace(observed, score=(observed.score >= score).astype(float)), muscle), is_tested=False
        )
    except NotEstimableError as reason:
        return LogOddsRatio("not_estimable", str(reason))
    except (NoMaximumError, np.linalg.LinAlgError):
        return LogOddsRatio("not_estimable", NOT_FOUND)
