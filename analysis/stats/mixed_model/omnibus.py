"""Whether three groups or more differ: one F test for each muscle, and of all muscles at once.

    of a muscle   score ~ group + covariates + reader + side + (1 | participant)
    of all        score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle)

as `per_muscle` and `joint`, with a coefficient for each group but the first. With δ_jg the difference of group g from
the first in muscle j, over G groups and the J muscles whose differences can all be estimated:

    muscle j   δ_j2 = … = δ_jG = 0                 G − 1 contrasts
    pattern    δ_1g = … = δ_Jg for each g          (J − 1)(G − 1) contrasts: no interaction of muscle and group
    any        all δ_jg = 0                        J (G − 1) contrasts: no group term at all

each by Kenward and Roger's F (`f_test`), as R's ``KRmodcomp`` of the model against the one without these terms. Which
group is the first makes no difference. In the design the first difference is that of all other groups, and each
further group has an indicator of its own, which spans the same space. Groups alike within themselves, and grades that
never differ within a participant, are taken as `pattern` takes them.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from analysis.stats.covariates import CovariateDesign, Covariates
from analysis.stats.frame.codes import codes_among, level_codes
from analysis.stats.frame.observations import Observations, observations
from analysis.stats.mixed_model import joint, per_muscle
from analysis.stats.mixed_model.estimability import (
    NOT_SEPARABLE,
    NoResidualVarianceError,
    NotEstimableError,
    common_reason,
    refuse_too_few,
)
from analysis.stats.mixed_model.estimates import ALIKE
from analysis.stats.mixed_model.model import Model
from analysis.stats.mixed_model.pattern import ON_MEANS, Pattern, PatternTest, as_means, hypotheses_tested, no_test
from analysis.stats.result_types.codes import ModelName
from grading.anatomy import MUSCLE_CODES

_MUSCLES = len(MUSCLE_CODES)
_TOO_FEW = "A test over all groups needs three groups with two participants or more; there are {found}."
_NO_MUSCLE = "No muscle can be tested."
_SEPARATED = "Complete separation: within each group all participants score alike, so there is no test."


@dataclass(frozen=True)
class Omnibus:
    """Hold the tests over all groups.

    groups: those that take part, in the study's order: with two participants or more who have an assessed grade.
    left_out: the study's other groups.
    muscles: a test for each, in the paper's order.
    pattern: the tests of all muscles at once; never adjusted for covariates.
    """

    groups: tuple[str, ...]
    left_out: tuple[str, ...]
    muscles: tuple[PatternTest, ...]
    pattern: Pattern


@dataclass(frozen=True)
class _Grouped:
    """Grades of several groups; a row that counts as compared is of any group but the first.

    participant: (rows,) place of each row's participant among the frame's. group: (rows,) place among ``groups``.
    """

    observed: Observations
    groups: tuple[str, ...]
    participant: np.ndarray
    group: np.ndarray

    @cached_property
    def further(self) -> np.ndarray:
        """Indicators of the groups behind the second: (rows, G − 2)."""
        return np.column_stack([self.group == g for g in range(2, len(self.groups))]).astype(float)

    def participants(self, muscle: int) -> tuple[int, ...]:
        """Count the participants with a grade of the muscle, by group."""
        graded = self.observed.counts[:, muscle] > 0
        return tuple(np.bincount(self.group[graded], minlength=len(self.groups)).tolist())

    def is_alike(self, muscle: int) -> bool:
        """Say whether within each group all participants score alike."""
        means = self.observed.means[:, muscle]
        each = [means[(self.group == g) & ~np.isnan(means)] for g in range(len(self.groups))]
        return all(np.ptp(of_group) <= ALIKE for of_group in each if len(of_group))


def omnibus(
    rows: pd.DataFrame, groups: tuple[str, ...], model: ModelName, covariates: Covariates | None = None
) -> Omnibus:
    """Test whether the groups differ.

    Args:
        rows: of one analysis set.
        groups: the study's, three or more.
        model: of single muscles' tests.
        covariates: that these are adjusted for.

    No content of the rows raises: what cannot be tested has status not_estimable and a reason.
    """
    everybody = _grouped(rows, groups)
    graded = np.bincount(everybody.group[everybody.observed.row_is_graded], minlength=len(groups))
    taking_part = tuple(group for group, n in zip(groups, graded, strict=True) if n > 1)
    left_out = tuple(group for group in groups if group not in taking_part)
    if len(taking_part) < 3:
        nothing = no_test(_TOO_FEW.format(found=len(taking_part)))
        return Omnibus(taking_part, left_out, (nothing,) * _MUSCLES, Pattern(nothing, nothing))
    grouped = _grouped(rows, taking_part) if left_out else everybody
    pattern, of_muscles = _jointly(grouped)
    if model == "per-muscle":
        design = _design(rows, grouped, covariates)
        complete = replace(grouped, observed=grouped.observed.only(design.row_is_complete))
        of_muscles = tuple(_of_muscle(complete, muscle, design) for muscle in range(_MUSCLES))
    return Omnibus(taking_part, left_out, of_muscles, pattern)


def _grouped(rows: pd.DataFrame, groups: tuple[str, ...]) -> _Grouped:
    """The rows of the groups. Who stands in two of them counts as two participants."""
    group, (participant, _) = codes_among(rows["group"], groups), level_codes(rows["participant"])
    known = (group >= 0) & (participant >= 0)
    group, who = group[known], (participant * len(groups) + group)[known]
    chosen = (rows if known.all() else rows[known]).assign(participant=who, group=np.where(group > 0, "other", "first"))
    people = level_codes(chosen["participant"])[1].to_numpy(dtype=np.int64)
    return _Grouped(
        observations(chosen, "first", "other"),
        groups,
        participant=np.repeat(people // len(groups), 2),
        group=np.repeat(people % len(groups), 2),
    )


def _design(rows: pd.DataFrame, grouped: _Grouped, covariates: Covariates | None) -> CovariateDesign:
    """The further groups' indicators, and behind them the covariates."""
    further = grouped.further
    design = CovariateDesign((), ("group",) * further.shape[1], further)
    if covariates is None:
        return design
    names = level_codes(rows["participant"])[1]
    own = covariates.design([str(names[place]) for place in grouped.participant[::2]])
    return CovariateDesign(own.terms, (*design.of, *own.of), np.hstack([further, own.columns]))


def _of_muscle(grouped: _Grouped, muscle: int, design: CovariateDesign) -> PatternTest:
    first, further = grouped.groups[0], grouped.further.shape[1]

    def tested(observed: Observations, note: str = "") -> PatternTest:
        model = per_muscle.muscle_model(observed, muscle, (first, "the others"), design, further)
        found = hypotheses_tested(model, [_contrasts(model, muscle, 1 + further)], note)[0]
        remarks = " ".join([found.note, *model.remarks]).strip()
        return replace(found, note=remarks) if found.test else found

    try:
        refuse_too_few(grouped.participants(muscle), grouped.groups)
        try:
            return tested(grouped.observed)
        except NoResidualVarianceError:
            if grouped.is_alike(muscle):
                return no_test(_SEPARATED)
            return tested(as_means(grouped.observed), ON_MEANS)
    except (NotEstimableError, np.linalg.LinAlgError) as reason:
        return no_test(str(reason))


def _jointly(grouped: _Grouped) -> tuple[Pattern, tuple[PatternTest, ...]]:
    """The tests of all muscles at once, and by the same model of each."""
    reasons = {muscle: reason for muscle in range(_MUSCLES) if (reason := _too_few(grouped, muscle))}
    wanted = set(range(_MUSCLES)) - set(reasons)
    try:
        if not wanted:
            raise NotEstimableError(common_reason(reasons.values(), _NO_MUSCLE))
        try:
            return _by(joint.model_of(grouped.observed, wanted, grouped.further), grouped, reasons)
        except NoResidualVarianceError:
            means = joint.model_of(as_means(grouped.observed), wanted, grouped.further)
            return _by(means, grouped, reasons, ON_MEANS)
    except (NotEstimableError, np.linalg.LinAlgError) as reason:
        nothing = no_test(str(reason))
        of_muscles = tuple(no_test(reasons.get(muscle, str(reason))) for muscle in range(_MUSCLES))
        return Pattern(nothing, nothing), of_muscles


def _by(
    model: Model, grouped: _Grouped, reasons: dict[int, str], note: str = ""
) -> tuple[Pattern, tuple[PatternTest, ...]]:
    """The tests of one model, over the muscles with a contrast for every group."""
    differences = len(grouped.groups) - 1
    each = {muscle: _contrasts(model, muscle, differences) for muscle in range(_MUSCLES)}
    muscles = [muscle for muscle, L in each.items() if len(L) == differences]
    if not muscles:
        raise NotEstimableError(NOT_SEPARABLE)
    first = each[muscles[0]]
    rest = [each[muscle] - first for muscle in muscles[1:]]
    hypotheses = [np.vstack(rest) if rest else first[:0], np.vstack([each[muscle] for muscle in muscles])]
    pattern, anything, *found = hypotheses_tested(model, [*hypotheses, *(each[muscle] for muscle in muscles)], note)
    tests = dict(zip(muscles, found, strict=True))
    of_muscles = (tests.get(muscle) or no_test(reasons.get(muscle, NOT_SEPARABLE)) for muscle in range(_MUSCLES))
    return Pattern(pattern, anything), tuple(of_muscles)


def _contrasts(model: Model, muscle: int, differences: int) -> np.ndarray:
    """The muscle's L: a row for each of its differences that the model has, (·, p)."""
    numbers = [_MUSCLES * group + muscle for group in range(differences)]
    vectors = [model.contrast_vector(number) for number in numbers if number in model.contrasts]
    return np.array(vectors).reshape(-1, model.statistics.p)


def _too_few(grouped: _Grouped, muscle: int) -> str:
    try:
        refuse_too_few(grouped.participants(muscle), grouped.groups)
    except NotEstimableError as reason:
        return str(reason)
    return ""
