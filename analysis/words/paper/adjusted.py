"""Adjustment for covariates, as sentences of a paper: nothing where a comparison is not adjusted."""

from collections.abc import Iterator

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.comparison.adjusted import adjusted_rows, in_models
from analysis.words.notation import number
from analysis.words.prose import listed, muscle
from analysis.words.question.covariates import is_adjusted_for


def adjustment(result: ComparisonResult) -> Iterator[str]:
    """Say what the models were adjusted for, and who was left out of them."""
    if result["adjusted_for"]:
        yield (
            f"Models were {is_adjusted_for(result)}; participants without a value were left out of them, "
            "and differences without adjustment were estimated in the participants who stayed."
        )


def beside_unadjusted(result: ComparisonResult) -> Iterator[str]:
    """Say how many are in the adjusted models, and how far the differences are from those without adjustment."""
    if not result["adjusted_for"]:
        return
    yield f"Differences are {is_adjusted_for(result)}, in {in_models(result)} with every value."
    moved = {
        row.muscle.code: row.adjusted["estimate"] - row.unadjusted["estimate"]
        for row in adjusted_rows(result)
        if row.adjusted["estimate"] is not None and row.unadjusted["estimate"] is not None
    }
    if not moved:
        return
    furthest = max(moved, key=lambda code: abs(moved[code]))
    yield (
        f"Adjustment moved no difference by more than {number(abs(moved[furthest]))} grade points ({muscle(furthest)})."
    )
    if turned := _turned(result):
        yield f"Without adjustment the difference had the opposite direction in the {listed(map(muscle, turned))}."


def _turned(result: ComparisonResult) -> list[str]:
    return [
        row.muscle.code
        for row in adjusted_rows(result)
        if (row.adjusted["estimate"] or 0.0) * (row.unadjusted["estimate"] or 0.0) < 0
    ]
