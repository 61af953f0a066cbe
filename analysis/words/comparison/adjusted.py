"""Adjusted differences beside the unadjusted ones, in words."""

from dataclasses import dataclass

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import MuscleResult, UnadjustedMuscle
from analysis.words.comparison.table import by_reason
from analysis.words.prose import capitalised
from analysis.words.question.covariates import is_adjusted_for
from grading.anatomy import MUSCLE_BY_CODE, Muscle


@dataclass(frozen=True)
class AdjustedRow:
    """One muscle: how many are in its model, and the difference with and without the covariates."""

    muscle: Muscle
    participants: int
    adjusted: MuscleResult
    unadjusted: UnadjustedMuscle


def adjusted_rows(result: ComparisonResult) -> list[AdjustedRow]:
    """Make a row for each muscle, in the paper's order; none of a comparison that is not adjusted."""
    return [
        AdjustedRow(MUSCLE_BY_CODE[fit["muscle"]], fit["participants"], fit, fit["unadjusted"])
        for fit in result["muscles"]
        if "unadjusted" in fit
    ]


def adjusted_sentence(result: ComparisonResult) -> str:
    """Say what is adjusted and among whom; nothing of a comparison that is not adjusted."""
    if not result["adjusted_for"]:
        return ""
    return (
        f"{capitalised(is_adjusted_for(result))}: figure, sentence and table give each muscle’s "
        f"difference at equal values of that, estimated in the {in_models(result)} with every value. "
        "Medians, probabilities and the test of all muscles at once are of all participants, and not adjusted."
    )


def in_models(result: ComparisonResult) -> str:
    """Write ``22 participants``, or ``20 to 22 participants, by muscle``: how many are in adjusted models."""
    rows = adjusted_rows(result)
    with_model = [row for row in rows if row.adjusted["status"] != "not_estimable"]
    counts = [row.participants for row in with_model or rows]
    least, most = min(counts), max(counts)
    if least != most:
        return f"{least:,} to {most:,} participants (by muscle)"
    return f"{most:,} participant" if most == 1 else f"{most:,} participants"


def unadjusted_notes(result: ComparisonResult) -> dict[str, list[str]]:
    """List each note on the unadjusted numbers once, with the muscles that it is about."""
    rows = adjusted_rows(result)
    return by_reason((row.muscle.label, row.unadjusted["note"]) for row in rows if row.unadjusted["note"])
