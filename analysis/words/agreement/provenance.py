"""What a figure of agreement says of itself once it has left the site."""

from collections.abc import Mapping
from typing import Any

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.words.prose import counted
from analysis.words.question.provenance import data_line


def agreement_provenance(
    agreement: Mapping[str, Any], disagreement: Mapping[str, Any], *, is_final: bool, restriction: str = ""
) -> list[str]:
    """Say in two lines of which study the figure is, and of which data.

    Args:
        agreement, disagreement: as `analysis.stats.agreement.result.answer` gives them.
        restriction: ``analysis.words.question.restrictions.within``, where only some reads or participants enter.
    """
    overall = next(entry for entry in agreement["inter"] if entry["muscle"] == OVERALL)
    readers = counted(len(agreement["readers"]), "reader")
    within = f"{restriction} only: exploratory" if restriction else ""
    of = f"agreement between {readers}, first reads of first MRIs"
    counts = f"{counted(disagreement['participants'], 'participant')}, {counted(overall['units'], 'unit')}"
    return [
        "; ".join(filter(None, [agreement["study"], within, of])),
        data_line(counts, agreement["data_version"], is_final=is_final),
    ]
