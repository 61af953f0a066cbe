"""What a figure of agreement says of itself once it has left the site."""

from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.answers import Disagreement
from analysis.words.agreement.table import between_readers
from analysis.words.prose import counted
from analysis.words.question.provenance import data_line


def agreement_provenance(
    agreement: AgreementResult, disagreement: Disagreement, *, is_final: bool, restriction: str = ""
) -> list[str]:
    """Say in two lines of which study the figure is, and of which data.

    Args:
        agreement, disagreement: as `analysis.stats.agreement.result.agreement_result` gives them.
        restriction: ``analysis.words.question.restrictions.within``, where only some reads or participants enter.
    """
    readers = counted(len(agreement["readers"]), "reader")
    within = f"{restriction} only: exploratory" if restriction else ""
    of = f"agreement between {readers}, first reads of first MRIs"
    units = counted(between_readers(agreement)["units"], "unit")
    counts = f"{counted(disagreement['participants'], 'participant')}, {units}"
    return [
        "; ".join(filter(None, [agreement["study"], within, of])),
        data_line(counts, agreement["data_version"], is_final=is_final),
    ]
