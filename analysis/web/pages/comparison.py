"""What the comparison page says of one answer: the sentences, the rows of its table, and its notes."""

from dataclasses import dataclass

from analysis.services.results import LiveComparison
from analysis.stats.result_types import ComparisonResult
from analysis.words.comparison.summary import summary
from analysis.words.comparison.table import Row, index_notes, notes, rows
from analysis.words.prose import capitalised
from analysis.words.question.catalogue import MODELS, SETS


@dataclass(frozen=True)
class ComparisonPage:
    """An answer in words, for templates."""

    result: ComparisonResult
    analysis_set: str  # who and what is in it
    model: str
    summary: str
    rows: list[Row]
    notes: dict[str, list[str]]  # each with the muscles that it is about
    index_notes: dict[str, list[str]]


def comparison_page(live: LiveComparison) -> ComparisonPage:
    """Say an answer in words."""
    result = live.result
    return ComparisonPage(
        result=result,
        analysis_set=capitalised(SETS[result["set"]].about),
        model=capitalised(MODELS[result["model"]].about),
        summary=summary(result),
        rows=rows(result),
        notes=notes(result),
        index_notes=index_notes(result),
    )
