"""What the comparison page says of the ordinal model: a row for each muscle, its cuts, and the notes."""

from dataclasses import dataclass

from analysis.stats.result_types.ordinal import OrdinalMuscleResult, OrdinalResult
from analysis.words.comparison.ordinal import cut_cells, cut_scores, muscle_label, notes, status_words
from analysis.words.notation import open_interval


@dataclass(frozen=True)
class OrdinalRow:
    """One muscle in words; ``cuts`` as the page's head has them."""

    label: str
    fit: OrdinalMuscleResult
    interval: str
    status: str
    cuts: list[str]


@dataclass(frozen=True)
class OrdinalPage:
    """The ordinal model in words, for templates."""

    formula: str
    rows: list[OrdinalRow]
    scores: list[str]  # of the cuts
    notes: dict[str, list[str]]  # each with the muscles that it is about


def ordinal_page(result: OrdinalResult) -> OrdinalPage:
    """Say the ordinal model's answer in words."""
    scores = cut_scores(result)
    return OrdinalPage(
        formula=result["formula"],
        rows=[
            OrdinalRow(
                label=muscle_label(fit),
                fit=fit,
                interval=open_interval(fit),
                status=status_words(fit["status"]),
                cuts=cut_cells(fit, scores),
            )
            for fit in result["muscles"]
        ],
        scores=[f"{score:g}" for score in scores],
        notes=notes(result),
    )
