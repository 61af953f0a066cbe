"""How well the pattern of the muscles tells the groups apart: a score for each participant, cross-validated.

Leave participant i out. Among the rest, H are the muscles whose mean is higher in the compared group, L those whose
mean is higher in the reference (or two lists that were fixed beforehand); with y_im the participant's mean scores,

    score_i = mean of y_im over H − mean of y_im over L

over the muscles that i has a grade of. A list that the others leave empty counts 0; of a list none of whose muscles
i has, i has no score. The area under the curve is the index of these scores: P(compared > reference) + ½ P(equal).

Interval: participants are resampled within their groups and the whole procedure is done anew in each resample, a
participant's copies left out together; 2.5 and 97.5 percentiles (type 7). With weights w, how often each is drawn, the
rest's mean of a muscle is (Σ w y − w_i y_i) / (Σ w − w_i) in i's own group: no copies, and no loop over the left out.

The seed is fixed and participants stand in a canonical order (by their scores; the smaller group is drawn first):
neither names nor the order of rows matter. It is no validated classifier: no participant of another study was scored.

Sources: Efron & Tibshirani, An Introduction to the Bootstrap, Chapman & Hall 1993. Airola et al., Comput Stat Data Anal
2011;55:1828–1844 (leave-one-out areas lie below ½ where nothing differs).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.index.brunner_munzel import DECIMALS, index_value
from analysis.stats.pattern_resamples import RESAMPLES, drawn_weights, rows_in_order
from grading.anatomy import MUSCLE_CODES

AT_ONCE = 100  # participants up to whom a page has it without being asked
AT_MOST = 5000  # up to whom a page has it at all: its resamples take memory with each participant
LEAST_DEFINED = 0.9  # of the resamples, or there is no interval
LEAST_PARTICIPANTS = 2  # of each group: one is left out, and the other's mean is needed

Lists = tuple[tuple[str, ...], tuple[str, ...]]  # codes of the muscles on the compared group's and the reference's side


@dataclass(frozen=True)
class PatternScore:
    """Hold the area under the curve of the cross-validated scores, and what it was had from.

    value: None where ``note`` says why; ci_low, ci_high: 95 %, None likewise.
    rows: (n,) of the observations, those graded; scores: (n,) theirs, NaN without one.
    higher, lower: muscles that all participants together would choose, or those that were fixed.
    steady: muscles that every fold chose on the same side; None where they were fixed.
    """

    status: Literal["ok", "not_estimable"]
    rows: np.ndarray
    scores: np.ndarray
    higher: tuple[str, ...] = ()
    lower: tuple[str, ...] = ()
    steady: tuple[str, ...] | None = None
    value: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    note: str = ""


def pattern_score(
    observed: Observations, groups: tuple[str, str], fixed: Lists | None = None, resamples: int = RESAMPLES
) -> PatternScore:
    """Score each participant by the muscles that the others choose, and measure how well that tells the groups apart.

    Args:
        groups: names of the reference and the compared group, for the reasons.
        fixed: the two lists of muscles, compared group's first; None to choose them inside each fold.
        resamples: of participants; 0 for no interval.

    Raises:
        KeyError: a fixed list names what is no muscle.
        ValueError: a muscle is in both lists, or both are empty.
    """
    signs = _fixed_signs(fixed) if fixed else None
    rows = rows_in_order(observed)
    means, is_compared = observed.means[rows], observed.row_is_compared[rows]
    once = np.ones((1, len(rows)))
    if reason := _too_few(is_compared, groups):
        return PatternScore("not_estimable", rows, np.full(len(rows), np.nan), note=reason)
    chosen = _signs(means, is_compared, once)[0] if signs is None else np.broadcast_to(signs, means.shape)
    scores = _scores(means, chosen[None])[0]
    whole = _sides(means, is_compared) if signs is None else signs
    found = PatternScore(
        "ok",
        rows,
        scores,
        higher=_codes(whole > 0),
        lower=_codes(whole < 0),
        steady=_codes((chosen == chosen[0]).all(axis=0) & (chosen[0] != 0)) if signs is None else None,
    )
    return _with_area(found, means, is_compared, signs, resamples, groups)


def _with_area(
    found: PatternScore,
    means: np.ndarray,
    is_compared: np.ndarray,
    signs: np.ndarray | None,
    resamples: int,
    groups: tuple[str, str],
) -> PatternScore:
    has_score = ~np.isnan(found.scores)
    plain = {name: getattr(found, name) for name in ("rows", "scores", "higher", "lower", "steady")}
    if reason := _too_few(is_compared[has_score], groups, "a score"):
        return PatternScore("not_estimable", **plain, note=reason)
    value = index_value(found.scores[has_score & ~is_compared], found.scores[has_score & is_compared])
    notes = [_unscored(int((~has_score).sum())), _one_sided(found)]
    low, high, reason = _interval(means, is_compared, signs, resamples)
    note = " ".join(filter(None, [*notes, reason]))
    return PatternScore("ok", **plain, value=value, ci_low=low, ci_high=high, note=note)


def _too_few(is_compared: np.ndarray, groups: tuple[str, str], what: str = "an assessed grade") -> str:
    for group, n in zip(groups, ((~is_compared).sum(), is_compared.sum()), strict=True):
        if n < LEAST_PARTICIPANTS:
            return f"Group {group} has {n} with {what}; each group needs {LEAST_PARTICIPANTS} participants."
    return ""


def _unscored(count: int) -> str:
    if not count:
        return ""
    who = "1 participant has" if count == 1 else f"{count} participants have"
    return f"{who} no score: no grade of any muscle on one side of the pattern."


def _one_sided(found: PatternScore) -> str:
    if found.higher and found.lower:
        return ""
    if not (found.higher or found.lower):
        return "No muscle differs between all participants of the groups."
    return "All muscles that differ are higher in one group: the score is their mean, and measures no pattern."


def refuse_lists(fixed: Lists) -> None:
    """Raise KeyError or ValueError for lists of muscles that make no score (`pattern_score`)."""
    _fixed_signs(fixed)


def _fixed_signs(fixed: Lists) -> np.ndarray:
    signs = np.zeros(len(MUSCLE_CODES))
    for sign, codes in zip((1, -1), fixed, strict=True):
        for code in codes:
            if code not in MUSCLE_CODES:
                raise KeyError(f"{code!r} is no muscle: choose from {', '.join(MUSCLE_CODES)}")
            if signs[MUSCLE_CODES.index(code)] == -sign:
                raise ValueError(f"{code} is in both lists.")
            signs[MUSCLE_CODES.index(code)] = sign
    if not signs.any():
        raise ValueError("Both lists of muscles are empty.")
    return signs


def _codes(is_in: np.ndarray) -> tuple[str, ...]:
    return tuple(code for code, chosen in zip(MUSCLE_CODES, is_in.tolist(), strict=True) if chosen)


def _sides(means: np.ndarray, is_compared: np.ndarray) -> np.ndarray:
    """On which side all participants together put each muscle: (11,) of 1, 0 and −1."""
    present, y = ~np.isnan(means), np.nan_to_num(means)
    counts, sums = ([part[is_compared == group].sum(axis=0) for group in (True, False)] for part in (present, y))
    return _sign_of_difference(sums[0], counts[0], sums[1], counts[1])


def _signs(means: np.ndarray, is_compared: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """On which side the others put each muscle: (resamples, n left out, 11) of 1, 0 and −1, by weights."""
    present, y = (~np.isnan(means)).astype(float), np.nan_to_num(means)
    own = weights[:, :, None] * is_compared[:, None], weights[:, :, None] * ~is_compared[:, None]
    sums, counts = ([(weights * of_group) @ part for of_group in (is_compared, ~is_compared)] for part in (y, present))
    rest = [(sums[group][:, None] - own[group] * y, counts[group][:, None] - own[group] * present) for group in (0, 1)]
    return _sign_of_difference(*rest[0], *rest[1])


def _sign_of_difference(sum1: np.ndarray, n1: np.ndarray, sum0: np.ndarray, n0: np.ndarray) -> np.ndarray:
    """Of sums and counts; 0 where the means are equal to the rounding, or a group has nobody."""
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = np.where((n1 > 0) & (n0 > 0), sum1 / n1 - sum0 / n0, 0.0)
    return np.sign(np.round(difference, DECIMALS))


def _scores(means: np.ndarray, signs: np.ndarray) -> np.ndarray:
    """(resamples, n), NaN where a list holds no muscle that the participant has, or both lists are empty."""
    present, y = ~np.isnan(means), np.nan_to_num(means)
    score = np.zeros(signs.shape[:2])
    for sign in (1, -1):
        is_in = signs == sign
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = (is_in * y).sum(axis=-1) / (is_in & present).sum(axis=-1)
        score += sign * np.where(is_in.any(axis=-1), mean, 0.0)
    return np.round(np.where(signs.any(axis=-1), score, np.nan), DECIMALS)


def _interval(
    means: np.ndarray, is_compared: np.ndarray, signs: np.ndarray | None, resamples: int
) -> tuple[float | None, float | None, str]:
    if not resamples:
        return None, None, ""
    areas = np.concatenate(
        [_areas(means, is_compared, signs, weights) for weights in drawn_weights(is_compared, resamples)]
    )
    defined = areas[~np.isnan(areas)]
    if len(defined) < LEAST_DEFINED * resamples:
        return None, None, "No interval: too few resamples have two participants in each group."
    if np.ptp(defined) < 1e-12:
        return None, None, "No interval: every resample gives the same value."
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high), ""


def _areas(means: np.ndarray, is_compared: np.ndarray, signs: np.ndarray | None, weights: np.ndarray) -> np.ndarray:
    """The area of each resample: (resamples,), NaN where a group has no score."""
    chosen = _signs(means, is_compared, weights) if signs is None else np.broadcast_to(signs, (1, *means.shape))
    scores = np.broadcast_to(_scores(means, chosen), weights.shape)
    drawn = np.where(np.isnan(scores), 0.0, weights)
    return np.array([_area(*one, is_compared) for one in zip(np.nan_to_num(scores), drawn, strict=True)])


def _area(scores: np.ndarray, drawn: np.ndarray, is_compared: np.ndarray) -> float:
    """The index of scores that were drawn so often."""
    order = np.argsort(scores[~is_compared], kind="stable")
    reference = scores[~is_compared][order]
    below = np.concatenate([[0.0], drawn[~is_compared][order].cumsum()])
    compared, times = scores[is_compared], drawn[is_compared]
    places = (below[np.searchsorted(reference, compared, side)] for side in ("left", "right"))
    pairs = below[-1] * times.sum()
    return float(times @ sum(places) / 2 / pairs) if pairs else np.nan
