"""A comparison as the object that ``compare --format json`` prints."""

from dataclasses import asdict

from analysis.stats.comparison import Comparison, MuscleComparison
from analysis.stats.descriptives import Description
from analysis.stats.mixed_model.contrast import Contrast

_NUMBERS = ("estimate", "se", "df", "statistic", "p")


def as_json(comparison: Comparison, *, study: str | None) -> dict:
    """Python numbers and strings only; None where a number does not exist, with the reason in ``note``."""
    return {
        "study": study,
        "set": comparison.analysis_set,
        "model": comparison.model,
        "engine": comparison.engine,
        "df_method": comparison.df_method,
        "formula": comparison.formula,
        "groups": {"reference": comparison.reference, "compared": comparison.compared},
        "n": _counts(comparison),
        "data_version": comparison.data_version,
        "versions": dict(comparison.versions),
        "verify": asdict(comparison.verification) if comparison.verification else None,
        "muscles": [_muscle(comparison, muscle) for muscle in comparison.muscles],
    }


def _counts(comparison: Comparison) -> dict:
    n = comparison.n
    return {
        "participants": n.participants,
        "by_group": {comparison.reference: n.reference, comparison.compared: n.compared},
        "reads": n.reads,
        "grades": n.grades,
        "fat_scored": n.fat_scored,
    }


def _muscle(comparison: Comparison, muscle: MuscleComparison) -> dict:
    contrast = muscle.contrast
    return {
        "muscle": muscle.muscle,
        **{name: _number(contrast, name) for name in _NUMBERS},
        "p_holm": muscle.p_holm,
        "p_permutation": muscle.p_permutation,
        "p_permutation_max_t": muscle.p_permutation_max_t,
        "ci_low": _number(contrast, "ci_low"),
        "ci_high": _number(contrast, "ci_high"),
        "method": contrast.method if contrast else None,
        "status": muscle.status,
        "note": muscle.note,
        "groups": {
            comparison.reference: _description(muscle.reference),
            comparison.compared: _description(muscle.compared),
        },
    }


def _number(contrast: Contrast | None, name: str) -> float | None:
    return getattr(contrast, name) if contrast else None


def _description(group: Description) -> dict:
    return {name: getattr(group, name) for name in ("n", "median", "q1", "q3", "mean", "sd")}
