"""Which p value decides what is called different: one choice for figures, sentences, marks and files."""

from typing import Final, Literal

from analysis.stats.result_types.codes import PName
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import MuscleResult

P_FIELDS: Final[dict[PName, Literal["p", "p_holm", "p_permutation_max_t"]]] = {
    "raw": "p",
    "holm": "p_holm",
    "max-t": "p_permutation_max_t",
}


def decided(result: ComparisonResult, asked: PName) -> ComparisonResult:
    """Give the result with the p value that was asked for in the place of the one that decides.

    Holm's p decides where max-T is asked for and is not computed: above 250 participants, or adjusted for covariates.
    """
    used: PName = "holm" if asked == "max-t" and not has_max_t(result) else asked
    muscles = [_decided(muscle, used) for muscle in result["muscles"]]
    return {**result, "deciding": {"asked": asked, "used": used}, "muscles": muscles}


def has_max_t(result: ComparisonResult) -> bool:
    """Say whether groups were permuted."""
    return any(muscle["p_permutation_max_t"] is not None for muscle in result["muscles"])


def _decided(muscle: MuscleResult, used: PName) -> MuscleResult:
    if muscle["status"] == "not_estimable":
        return muscle
    if muscle["status"] == "separated":
        return {**muscle, "p_deciding": muscle[P_FIELDS[used]]}
    found = muscle[P_FIELDS[used]]
    return {**muscle, "p_deciding": muscle["p_holm"] if found is None else found}
