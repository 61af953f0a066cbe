"""Everything that the comparison page says of one frame, as one object of plain values that can be stored.

Of this package, and not of the site's, since a stored answer is told from a newer one by the statistics' code
(`versions.program`): what is asked of `comparison.compare` belongs to it.
"""

from analysis.stats.comparison import compare
from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariates
from analysis.stats.frame.cut import CutData
from analysis.stats.graded import graded
from analysis.stats.participant_means import participant_means
from analysis.stats.pattern_score import AT_ONCE
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.stats.result_types.answers import ComparisonAnswer
from analysis.stats.result_types.codes import ModelName


def comparison_answer(
    cut: CutData, *, study: str, model: ModelName, data_version: str, covariates: Covariates | None = None
) -> ComparisonAnswer:
    """Compute ``comparison`` as ``compare --pattern --pattern-score --format json`` prints it, and what goes with it.

    The score of the pattern is there up to so many participants (`pattern_score.AT_ONCE`): nobody shall wait for it.

    Args:
        covariates: that it is adjusted for, as by ``--adjust``.
    """
    found = compare(cut, model=model, covariates=covariates, pattern=True, data_version=data_version)
    comparison = as_json(found, study=study)
    if found.n.participants <= AT_ONCE:
        comparison["pattern_score"] = pattern_score_result(cut)
    return {
        "comparison": comparison,
        "participant_means": participant_means(cut),
        "graded": graded(cut),
    }
