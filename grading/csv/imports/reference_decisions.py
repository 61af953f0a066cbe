"""Reference grades from adjudication: what first reads of a study agree on, and what was decided where they differ."""

from collections.abc import Collection, Iterable

from grading.anatomy import Cell
from grading.csv.imports.reference import CaseInFile, CaseKey, store_reference
from grading.csv.imports.row_parser import quoted
from grading.models import Read, Study
from grading.models.adjudication import standing
from grading.services.reasons import checked_reason
from grading.sheets.refusal import Problems
from thighsite.acting import because

Scores = dict[Cell, int | None]


def take_decisions_as_reference(
    *, study: Study, source: Study, participants: Collection[str], reason: str
) -> tuple[int, list[str]]:
    """Store as a study's reference the adjudicated grades of another study; say of how many cases, and what not.

    What one reader alone was given is left out, and named, for nobody agreed.

    Those are, muscle by muscle, the decision that stands, or else the grade that all first reads have: a copy, which no
    later correction changes. The two studies
    know an MRI by the codes of its participant and its own. The trail tells of which study they are, and why.

    Args:
        participants: codes of those who are for calibration from then on.

    Raises:
        ImportRefused: a participant has no such case, a muscle of one is undecided, or it does not fit the study;
            nothing is stored.
        ValidationError: there is no reason.
    """
    reason = checked_reason(reason, "the reason for taking these decisions")
    problems = Problems()
    cases, left_out = _cases(source, participants, problems)
    for code in sorted(set(participants) - {case.participant for case in cases}):
        problems.add(f"No MRI of {quoted(code)} was read by two readers or more in the study {source.slug}.")
    with because(f"Adjudicated grades of the study {source.slug}: {reason}"):
        return store_reference(study, cases, problems), left_out


def _cases(
    source: Study, participants: Collection[str], problems: Problems
) -> tuple[dict[CaseKey, CaseInFile], list[str]]:
    decided = _decided(source)
    cases, alone = {}, []
    for (mri, feature), reads in _first_reads(source, participants).items():
        key = CaseKey(reads[0].mri.participant.code, reads[0].mri.code, feature)
        if len(reads) < 2:
            alone.append(_said(key))
            continue
        agreed, differing = _compared(reads)
        grades = agreed | decided.get((mri, feature), {})
        if any(not read.is_signed_off for read in reads):
            problems.add(f"{_said(key)} is still being read.")
        elif undecided := [cell.label for cell in differing if cell not in grades]:
            problems.add(f"Readers of {_said(key)} differ, and nothing was decided: {', '.join(undecided)}.")
        cases[key] = CaseInFile(None, grades)
    return cases, sorted(alone)


def _decided(source: Study) -> dict[tuple, Scores]:
    """Fetch the decisions that stand, by MRI and feature."""
    decided: dict[tuple, Scores] = {}
    for each, score in standing(source.pk):
        decided.setdefault((each.mri, each.feature), {})[each.cell] = score
    return decided


def _first_reads(source: Study, participants: Collection[str]) -> dict[tuple, list[Read]]:
    """Fetch first reads by MRI and feature, open ones too."""
    reads = Read.objects.filter(study=source, occasion=1, mri__participant__code__in=participants).taking_part()
    found: dict[tuple, list[Read]] = {}
    for read in reads.select_related("mri__participant").prefetch_related("grades"):
        found.setdefault((read.mri_id, read.feature), []).append(read)
    return found


def _compared(reads: Iterable[Read]) -> tuple[Scores, list[Cell]]:
    """Tell what all reads have the same grade for, and for which muscles they differ."""
    seen: dict[Cell, set[int | None]] = {}
    for read in reads:
        for grade in read.grades.all():
            seen.setdefault(Cell(grade.muscle, grade.side), set()).add(grade.score)
    agreed = {cell: next(iter(scores)) for cell, scores in seen.items() if len(scores) == 1}
    return agreed, [cell for cell in seen if cell not in agreed]


def _said(key: CaseKey) -> str:
    return f"{quoted(key.mri)} of {quoted(key.participant)} ({key.feature})"
