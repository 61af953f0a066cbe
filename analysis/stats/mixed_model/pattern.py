"""Whether the groups' patterns of muscles differ, as one test of the joint model (`joint`).

    score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle)

With δ_j the group difference of muscle j, over the J muscles whose difference can be estimated:

    pattern   δ₁ = δ₂ = … = δ_J      J − 1 contrasts: no interaction of muscle and group
    any       δ₁ = … = δ_J = 0       J contrasts: no group term at all

each by Kenward and Roger's F (`f_test`), as R's ``KRmodcomp`` of ``muscle * group`` against ``muscle + group``, and
against ``muscle``. A muscle without an estimable difference keeps its grades in the model and is in no hypothesis.

Where reads never differ within a participant's muscle the residual variance is 0 and the likelihood has no maximum;
in the limit the model is that of the means, ``mean ~ 0 + muscle + muscle:group + (1 | participant)``.
"""

from dataclasses import dataclass, replace

import numpy as np

from analysis.stats.frame.observations import Observations
from analysis.stats.mixed_model import joint
from analysis.stats.mixed_model.adjusted_means import adjusted_means
from analysis.stats.mixed_model.estimability import NoResidualVarianceError, NotEstimableError, common_reason
from analysis.stats.mixed_model.estimates import fitted
from analysis.stats.mixed_model.f_test import FTest, kenward_roger_f, least_squares_f
from analysis.stats.mixed_model.model import Model
from analysis.stats.result_types.codes import Status

_ONE_MUSCLE = "A pattern needs two muscles whose difference can be estimated; there is one."
NO_MUSCLE = "No muscle's difference can be estimated."
_SINGULAR = "A variance between participants, or between their muscles, is estimated as 0 (singular fit)."
ON_MEANS = (
    "Grades of a muscle never differ between reads, or only by a constant per reader or side: this is the test of the "
    "model of participants' means."
)


@dataclass(frozen=True)
class PatternTest:
    """Hold one of the two tests, or the reason in ``note`` why there is none (then ``test`` is None).

    status: ok, boundary (a variance is estimated as 0) or not_estimable.
    """

    status: Status
    note: str
    test: FTest | None


@dataclass(frozen=True)
class Pattern:
    """Hold both tests: whether the groups' patterns differ, and whether anything differs."""

    pattern: PatternTest
    any: PatternTest


def pattern_tests(observed: Observations, groups: tuple[str, str]) -> Pattern:
    """Test both hypotheses.

    Args:
        groups: names of the reference and the compared group, for the reasons.

    No content of them raises: what cannot be tested has status not_estimable and a reason.
    """
    models, refused = joint.models(observed, groups)
    if not models or not models[0].contrasts:
        return _no(common_reason((estimate.note for estimate in refused.values()), NO_MUSCLE))
    model = models[0]
    try:
        return _tests(model)
    except NoResidualVarianceError as reason:
        return _of_means(model, groups, str(reason))
    except (NotEstimableError, np.linalg.LinAlgError) as reason:
        return _no(str(reason))


def _tests(model: Model, note: str = "") -> Pattern:
    each = np.array([model.contrast_vector(muscle) for muscle in model.contrasts])
    pattern, anything = hypotheses_tested(model, [each[1:] - each[0], each], note)
    return Pattern(pattern if len(each) > 1 else no_test(_ONE_MUSCLE), anything)


def hypotheses_tested(model: Model, hypotheses: list[np.ndarray], note: str = "") -> list[PatternTest]:
    """Fit the model once, and test each Lβ = 0.

    Args:
        hypotheses: of each its L, (q, p); where q is 0 there is nothing to test.
        note: to be told with every test.

    Raises:
        NotEstimableError: and its kinds, as `estimates.fitted` does.
    """
    fit = fitted(model) if model.terms.is_mixed else None
    notes = [note] if note else []
    if fit is not None and fit.at_zero[1:].any():
        notes.append(_SINGULAR)

    def tested(L: np.ndarray) -> PatternTest:
        if not len(L):
            return no_test(NO_MUSCLE)
        try:
            test = least_squares_f(model.statistics, L) if fit is None else kenward_roger_f(fit, L)
        except (NotEstimableError, np.linalg.LinAlgError) as reason:
            return no_test(str(reason))
        return PatternTest("boundary" if notes else "ok", " ".join(notes), test)

    return [tested(L) for L in hypotheses]


def _of_means(model: Model, groups: tuple[str, str], reason: str) -> Pattern:
    """The tests of the model of participants' means, without the muscles that the model of grades refuses."""
    try:
        models, _ = joint.models(as_means(model.observed), groups)
        return _tests(models[0], ON_MEANS) if models and models[0].contrasts else _no(reason)
    except (NotEstimableError, np.linalg.LinAlgError):
        return _no(reason)


def as_means(observed: Observations) -> Observations:
    """Put one grade in the place of each participant's grades of a muscle: the mean, adjusted for readers and sides."""
    row, muscle = np.nonzero(observed.counts)
    means = np.full(observed.counts.shape, np.nan)
    for graded in np.unique(muscle):
        means[:, graded] = adjusted_means(observed, graded)
    nothing = np.zeros(len(row), dtype=np.int64)
    return replace(
        observed,
        row=row,
        read=np.arange(len(row)),
        reader=nothing,
        muscle=muscle,
        side=nothing,
        is_fat=nothing.astype(bool),
        score=means[row, muscle],
    )


def _no(reason: str) -> Pattern:
    return Pattern(no_test(reason), no_test(reason))


def no_test(reason: str) -> PatternTest:
    """Put a reason in the place of a test."""
    return PatternTest("not_estimable", reason, None)
