"""What the comparison page says of one answer: the sentences, the rows of its table, and its notes."""

from dataclasses import dataclass

from analysis.services.results import LiveComparison
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.comparison.adjusted import AdjustedRow, adjusted_rows, adjusted_sentence, unadjusted_notes
from analysis.words.comparison.all_groups import (
    AllGroupsRow,
    all_groups_notes,
    all_groups_rows,
    all_groups_sentences,
    one_of_pairs,
)
from analysis.words.comparison.pattern import PatternRow, pattern_rows, pattern_sentence
from analysis.words.comparison.pattern_score import is_offered, pattern_score_on_page
from analysis.words.comparison.summary import summary
from analysis.words.comparison.table import Row, by_reason, index_notes, notes, rows
from analysis.words.prose import capitalised
from analysis.words.question.catalogue import GRADES, MODELS, SETS


@dataclass(frozen=True)
class ComparisonPage:
    """An answer in words, for templates."""

    result: ComparisonResult
    state: str  # of the data that it is of: changes whenever its numbers may
    analysis_set: str  # who and what is in it
    model: str
    grades: str
    summary: str
    pattern: str
    pattern_rows: list[PatternRow]
    pattern_score: str
    offers_score: bool  # as something that takes longer
    pattern_notes: dict[str, list[str]]  # each with the tests that it is about
    rows: list[Row]
    notes: dict[str, list[str]]  # each with the muscles that it is about
    index_notes: dict[str, list[str]]
    adjusted: str
    adjusted_rows: list[AdjustedRow]
    unadjusted_notes: dict[str, list[str]]
    one_of_pairs: str
    all_groups: str
    all_groups_rows: list[AllGroupsRow]
    all_groups_notes: dict[str, list[str]]


def comparison_page(live: LiveComparison) -> ComparisonPage:
    """Say an answer in words."""
    result = live.result
    tests, among = pattern_rows(result["pattern"]), result.get("all_groups")
    return ComparisonPage(
        result=result,
        state=live.state,
        analysis_set=capitalised(SETS[result["set"]].about),
        model=capitalised(MODELS[result["model"]].about),
        grades=capitalised(GRADES[result["grades"]].about),
        summary=summary(result),
        pattern=pattern_sentence(result),
        pattern_rows=tests,
        pattern_score=pattern_score_on_page(result),
        offers_score=is_offered(result),
        pattern_notes=by_reason((row.name, row.test["note"]) for row in tests if row.test["note"]),
        rows=rows(result),
        notes=notes(result),
        index_notes=index_notes(result),
        adjusted=adjusted_sentence(result),
        adjusted_rows=adjusted_rows(result),
        unadjusted_notes=unadjusted_notes(result),
        one_of_pairs=one_of_pairs(result),
        all_groups=all_groups_sentences(result),
        all_groups_rows=all_groups_rows(among) if among else [],
        all_groups_notes=all_groups_notes(among) if among else {},
    )
