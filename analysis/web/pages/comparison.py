"""What the comparison page says of one answer: the sentences, the rows of its table, and its notes."""

from dataclasses import dataclass
from typing import Any

from analysis.figure.limits import MOST_POINTS
from analysis.services.results import LiveComparison
from analysis.words.comparison.summary import caption, summary
from analysis.words.comparison.table import Row, notes, rows


@dataclass(frozen=True)
class ComparisonPage:
    """An answer in words, for templates."""

    result: dict[str, Any]  # the object that `compare --format json` prints
    summary: str
    caption: str  # of the boxplots
    rows: list[Row]
    notes: dict[str, list[str]]  # each with the muscles that it is about


def comparison_page(live: LiveComparison) -> ComparisonPage:
    """Say an answer in words."""
    result = live.result
    return ComparisonPage(
        result=result,
        summary=summary(result),
        caption=caption(result, most_points=MOST_POINTS),
        rows=rows(result),
        notes=notes(result),
    )
