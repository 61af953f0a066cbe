"""What the paragraphs of a paper are written from."""

from dataclasses import dataclass

from analysis.stats.result_types.agreement import AgreementResult
from analysis.stats.result_types.answers import Graded
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.described import DescribedParticipants
from analysis.stats.result_types.ordinal import OrdinalResult


@dataclass(frozen=True)
class Findings:
    """Comparisons that differ in nothing but their analysis set, the readers' agreement, and how far the study is.

    main, edema, fat: of the sets ``all``, ``edema`` and ``fat``; the last is None where there are no fat reads beside
        edema reads.
    graded: what the main comparison's grades were read on, and which are missing.
    is_final: the study is locked; otherwise its data are interim.
    reads, reads_signed_off: in the whole study, to say how far interim data have come; None where unknown.
    reads_imported: signed-off reads that were not made on this site, which hence cannot say how they were made.
    looks: how often the groups were looked at before the lock; None where it was not counted.
    has_other_groups: the study has groups beside the two compared, whose reads count for agreement.
    restriction: a sentence on a question that leaves out sequences, readers or participants.
    ordinal: the main comparison by the ordinal model, without covariates; None where it was not asked for.
    described: the participants of the main comparison; None where unknown.
    left_out: sentences on who was left out of it, and why.
    state: tells findings from those of other data or other values of covariates.
    """

    main: ComparisonResult
    edema: ComparisonResult
    agreement: AgreementResult
    graded: Graded
    is_final: bool = False
    reads: int | None = None
    reads_signed_off: int | None = None
    reads_imported: int | None = None
    looks: int | None = None
    has_other_groups: bool = False
    restriction: str = ""
    ordinal: OrdinalResult | None = None
    state: str = ""
    fat: ComparisonResult | None = None
    described: DescribedParticipants | None = None
    left_out: tuple[str, ...] = ()

    @property
    def comparisons(self) -> list[ComparisonResult]:
        """List the comparisons that there are."""
        return [self.main, self.edema, *([self.fat] if self.fat else [])]

    @property
    def fat_apart(self) -> ComparisonResult | None:
        """Give the comparison by fat reads, where it is another than the rest: some reads are of edema."""
        return self.fat if self.fat and self.fat["n"]["grades"] and self.edema["n"]["grades"] else None
