"""The sentence of a paper on the ordinal model."""

from collections.abc import Iterator

from analysis.stats.result_types.ordinal import OrdinalResult
from analysis.words.notation import LEVEL
from analysis.words.prose import counted, listed, muscle


def ordinal_results(result: OrdinalResult | None, *, is_beside_adjusted: bool) -> Iterator[str]:
    """Say in which muscles the groups differed by the ordinal model, and of which it has no answer.

    Args:
        is_beside_adjusted: the sentences before are of models with covariates, which this one has not.
    """
    if result is None:
        return
    tested = {entry["muscle"]: p for entry in result["muscles"] if (p := entry["p_holm"]) is not None}
    how = (
        "In a sensitivity analysis that took scores as ordered categories (cumulative logit models"
        f"{' with a random intercept for each participant' if result['terms']['random'] else ''}, likelihood-ratio "
        f"tests, Holm’s adjustment{'; without covariates' if is_beside_adjusted else ''})"
    )
    if not tested:
        yield f"{how}, no muscle had an answer."
        return
    significant = [muscle(code) for code, p in tested.items() if p < LEVEL]
    without = [muscle(entry["muscle"]) for entry in result["muscles"] if entry["muscle"] not in tested]
    yield (
        f"{how}, the groups differed significantly in {len(significant)} of {counted(len(tested), 'muscle')}"
        f"{f' ({listed(significant)})' if significant else ''}"
        f"{f'; there was no answer for the {listed(without)}' if without else ''}."
    )
