"""The cross-validated score of the pattern as the object that ``compare --pattern-score --format json`` prints."""

from collections.abc import Sequence
from math import isnan

from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.cut import CutData
from analysis.stats.pattern_resamples import RESAMPLES
from analysis.stats.pattern_score import Lists, pattern_score
from analysis.stats.result_types.pattern_score import PatternScoreResult, ScoredParticipant


def pattern_score_result(cut: CutData, fixed: Lists | None = None) -> PatternScoreResult:
    """Score the participants of a cut and make the object; participants stand in the order of their codes.

    Args:
        fixed: the two lists of muscles, as in `pattern_score`.
    """
    found = pattern_score(cut.observed, cut.groups, fixed)
    return {
        "value": found.value,
        "ci_low": found.ci_low,
        "ci_high": found.ci_high,
        "status": found.status,
        "note": found.note,
        "resamples": RESAMPLES,
        "is_fixed": fixed is not None,
        "higher": list(found.higher),
        "lower": list(found.lower),
        "steady": None if found.steady is None else list(found.steady),
        "participants": _participants(cut, found.rows.tolist(), found.scores.tolist()),
    }


def _participants(cut: CutData, rows: Sequence[int], scores: Sequence[float]) -> list[ScoredParticipant]:
    codes = [str(code) for code in level_codes(cut.rows["participant"])[1]]  # in the order of their numbers
    entries: list[ScoredParticipant] = [
        {"participant": codes[row // 2], "group": cut.groups[row % 2], "score": None if isnan(score) else score}
        for row, score in zip(rows, scores, strict=True)
    ]
    return sorted(entries, key=lambda entry: (entry["participant"], entry["group"]))
