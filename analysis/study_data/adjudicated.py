"""The decisions of adjudicators that stand: what a comparison of adjudicated grades takes in place of the readers'."""

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from analysis.stats.frame.adjudicated import DECISION_COLUMNS
from grading.models import MRI, Study
from grading.models.adjudication import standing


@dataclass(frozen=True)
class StandingDecision:
    """A muscle's decision between the very grades that its first reads have now.

    score: None for not assessable. grades: those decided between, by the id of the read.
    """

    participant: str
    mri: str
    feature: str
    muscle: str
    side: str
    score: int | None
    grades: dict[str, int | None]


def standing_decisions(study: Study) -> list[StandingDecision]:
    """Fetch the decisions that settle a discrepancy as the reads are now, in three queries.

    Once the study is locked nothing of this changes: neither reads nor decisions nor rule.
    """
    found = standing(study.pk)
    mris = MRI.objects.select_related("participant").in_bulk({each.mri for each, _ in found})
    return [
        StandingDecision(
            mris[each.mri].participant.code,
            mris[each.mri].code,
            each.feature,
            each.muscle,
            each.side,
            score,
            each.grades,
        )
        for each, score in found
    ]


def decisions_table(decisions: Iterable[StandingDecision]) -> pd.DataFrame:
    """Tabulate decisions as `adjudicated` takes them, in the one order of their cells."""
    rows = [[getattr(each, column) for column in DECISION_COLUMNS] for each in decisions]
    table = pd.DataFrame(rows, columns=list(DECISION_COLUMNS)).astype({"score": "float64"})
    return table.sort_values(list(DECISION_COLUMNS[:-1]), ignore_index=True)
