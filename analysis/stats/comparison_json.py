"""A comparison as the object that ``compare --format json`` prints (`result_types.comparison`)."""

from analysis.stats.by_side import BySide
from analysis.stats.comparison import BesideAdjusted, Comparison, MuscleComparison
from analysis.stats.descriptives import Description
from analysis.stats.frame.counts import Counts
from analysis.stats.index.index_json import as_json as index_json
from analysis.stats.mixed_model.contrast import Contrast
from analysis.stats.mixed_model.pattern import Pattern, PatternTest
from analysis.stats.mixed_model.statsmodels_check import Verification
from analysis.stats.result_types import comparison as types
from analysis.stats.result_types import muscles as muscle_types
from analysis.stats.result_types.pattern import PatternResult, PatternTestResult


def as_json(comparison: Comparison, *, study: str) -> types.ComparisonResult:
    """Make the object: Python numbers and strings only; None for a number that does not exist, and why in ``note``.

    Holm's p decides; `deciding.decided` lets another.

    Args:
        study: its short name.
    """
    terms, labels = comparison.terms, dict(comparison.covariate_labels)
    result: types.ComparisonResult = {
        "study": study,
        "set": comparison.analysis_set,
        "model": comparison.model,
        "engine": comparison.engine,
        "df_method": comparison.df_method,
        "formula": comparison.formula,
        "terms": {"readers": terms.readers, "sides": terms.sides, "random": list(terms.random)},
        "groups": {"reference": comparison.reference, "compared": comparison.compared},
        "n": counts(comparison.n, comparison.reference, comparison.compared),
        "data_version": comparison.data_version,
        "versions": dict(comparison.versions),
        "verify": _verification(comparison.verification) if comparison.verification else None,
        "adjusted_for": list(comparison.adjusted_for),
        "pattern": pattern_result(comparison.pattern) if comparison.pattern else None,
        "grades": comparison.grades,
        "deciding": {"asked": "holm", "used": "holm"},
        "muscles": [_muscle(comparison, muscle) for muscle in comparison.muscles],
    }
    return {**result, "covariate_labels": labels} if labels else result


def counts(n: Counts, reference: str, compared: str) -> types.Counts:
    """Make the object of what a comparison rests on."""
    return {
        "participants": n.participants,
        "by_group": {reference: n.reference, compared: n.compared},
        "reads": n.reads,
        "grades": n.grades,
        "fat_scored": n.fat_scored,
    }


def _muscle(comparison: Comparison, muscle: MuscleComparison) -> muscle_types.MuscleResult:
    described: dict[str, muscle_types.GroupDescription] = {
        comparison.reference: description(muscle.reference),
        comparison.compared: description(muscle.compared),
    }
    found: muscle_types.MuscleResult
    if muscle.difference is not None:
        found = _separated(muscle, muscle.difference, described)
    elif muscle.contrast is None or muscle.p_holm is None:
        found = _not_estimable(muscle, described)
    else:
        found = _estimated(muscle, muscle.contrast, muscle.p_holm, described)
    if muscle.by_side:
        found["by_side"] = _by_side(muscle.by_side)
    if muscle.adjusted:
        found["participants"] = muscle.adjusted.participants
        found["unadjusted"] = _unadjusted(muscle.adjusted)
    return found


def _estimated(
    muscle: MuscleComparison, contrast: Contrast, p_holm: float, described: dict[str, muscle_types.GroupDescription]
) -> muscle_types.EstimatedMuscle:
    return {
        "muscle": muscle.muscle,
        "estimate": contrast.estimate,
        "se": contrast.se,
        "df": contrast.df,
        "statistic": contrast.statistic,
        "p": contrast.p,
        "p_holm": p_holm,
        "p_deciding": p_holm,
        "p_permutation": muscle.p_permutation,
        "p_permutation_max_t": muscle.p_permutation_max_t,
        "ci_low": contrast.ci_low,
        "ci_high": contrast.ci_high,
        "method": contrast.method,
        "status": "boundary" if muscle.status == "boundary" else "ok",
        "note": muscle.note,
        "groups": described,
        "index": index_json(muscle.index),
    }


def _separated(
    muscle: MuscleComparison, difference: float, described: dict[str, muscle_types.GroupDescription]
) -> muscle_types.SeparatedMuscle:
    return {
        "muscle": muscle.muscle,
        "estimate": difference,
        "se": None,
        "df": None,
        "statistic": None,
        "p": None,
        "p_holm": None,
        "p_deciding": None,
        "p_permutation": muscle.p_permutation,
        "p_permutation_max_t": muscle.p_permutation_max_t,
        "ci_low": None,
        "ci_high": None,
        "method": None,
        "status": "separated",
        "note": muscle.note,
        "groups": described,
        "index": index_json(muscle.index),
    }


def _not_estimable(
    muscle: MuscleComparison, described: dict[str, muscle_types.GroupDescription]
) -> muscle_types.NotEstimableMuscle:
    return {
        "muscle": muscle.muscle,
        "estimate": None,
        "se": None,
        "df": None,
        "statistic": None,
        "p": None,
        "p_holm": None,
        "p_deciding": None,
        "p_permutation": None,
        "p_permutation_max_t": None,
        "ci_low": None,
        "ci_high": None,
        "method": None,
        "status": "not_estimable",
        "note": muscle.note,
        "groups": described,
        "index": index_json(muscle.index),
    }


def _by_side(found: BySide) -> muscle_types.BySide:
    return {
        "left": found.left,
        "right": found.right,
        "interaction": found.interaction,
        "p": found.p,
        "p_holm": found.p_holm,
    }


def _unadjusted(beside: BesideAdjusted) -> muscle_types.UnadjustedMuscle:
    found = beside.unadjusted
    return {
        "estimate": found.contrast.estimate if found.contrast else found.difference,
        "se": found.contrast.se if found.contrast else None,
        "df": found.contrast.df if found.contrast else None,
        "p": found.contrast.p if found.contrast else None,
        "ci_low": found.contrast.ci_low if found.contrast else None,
        "ci_high": found.contrast.ci_high if found.contrast else None,
        "status": found.status,
        "note": found.note,
    }


def pattern_result(found: Pattern) -> PatternResult:
    """Make the object of both tests."""
    return {"pattern": pattern_test(found.pattern), "any": pattern_test(found.any)}


def pattern_test(found: PatternTest) -> PatternTestResult:
    """Make the object of one F test."""
    return {
        "F": found.test.F if found.test else None,
        "df1": found.test.df1 if found.test else None,
        "df2": found.test.df2 if found.test else None,
        "scaling": found.test.scaling if found.test else None,
        "p": found.test.p if found.test else None,
        "status": found.status,
        "note": found.note,
    }


def description(group: Description) -> muscle_types.GroupDescription:
    """Make the object of one group in one muscle."""
    return {
        "n": group.n,
        "median": group.median,
        "q1": group.q1,
        "q3": group.q3,
        "mean": group.mean,
        "sd": group.sd,
    }


def _verification(found: Verification) -> types.Verification:
    return {
        "engine": found.engine,
        "max_abs_diff_estimate": found.max_abs_diff_estimate,
        "max_rel_diff_se": found.max_rel_diff_se,
        "muscles": list(found.muscles),
        "skipped": dict(found.skipped),
    }
