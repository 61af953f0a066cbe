"""An ordinal comparison as the object that ``compare --model ordinal --format json`` prints."""

from analysis.stats.comparison_json import counts, description, pattern_result
from analysis.stats.index.index_json import as_json as index_json
from analysis.stats.ordinal.comparison import OrdinalComparison, OrdinalMuscle
from analysis.stats.ordinal.cuts import CutOddsRatio
from analysis.stats.result_types import ordinal as types


def as_json(comparison: OrdinalComparison, *, study: str) -> types.OrdinalResult:
    """Make the object: Python numbers and strings only; None for a number that does not exist, and why in ``note``.

    Args:
        study: its short name.
    """
    terms = comparison.terms
    return {
        "study": study,
        "set": comparison.analysis_set,
        "model": "ordinal",
        "engine": "maximum_likelihood",
        "df_method": None,
        "formula": comparison.formula,
        "terms": {"readers": terms.readers, "sides": terms.sides, "random": list(terms.random)},
        "groups": {"reference": comparison.reference, "compared": comparison.compared},
        "n": counts(comparison.n, comparison.reference, comparison.compared),
        "data_version": comparison.data_version,
        "versions": dict(comparison.versions),
        "verify": None,
        "adjusted_for": [],
        "pattern": pattern_result(comparison.pattern) if comparison.pattern else None,
        "grades": comparison.grades,
        "muscles": [_muscle(comparison, muscle) for muscle in comparison.muscles],
    }


def _muscle(comparison: OrdinalComparison, muscle: OrdinalMuscle) -> types.OrdinalMuscleResult:
    odds = muscle.odds
    return {
        "muscle": muscle.muscle,
        "estimate": odds.estimate,
        "se": odds.se,
        "df": None,
        "statistic": odds.statistic,
        "p": odds.p,
        "p_holm": muscle.p_holm,
        "p_permutation": muscle.p_permutation,
        "p_permutation_max_t": muscle.p_permutation_max_t,
        "ci_low": odds.ci_low,
        "ci_high": odds.ci_high,
        "sd_participant": odds.sd_participant,
        "log_likelihood": odds.log_likelihood,
        "method": None if odds.status == "not_estimable" else "cumulative_logit",
        "status": odds.status,
        "note": odds.note,
        "ci_low_end": odds.low_end,
        "ci_high_end": odds.high_end,
        "cuts": [_cut(cut) for cut in muscle.cuts],
        "groups": {
            comparison.reference: description(muscle.reference),
            comparison.compared: description(muscle.compared),
        },
        "index": index_json(muscle.index),
    }


def _cut(cut: CutOddsRatio) -> types.CutResult:
    odds = cut.odds
    return {
        "at_least": cut.at_least,
        "estimate": odds.estimate,
        "se": odds.se,
        "status": odds.status,
        "note": odds.note,
    }
