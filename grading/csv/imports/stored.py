"""What a study holds already of the reads that a file names, fetched in a handful of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from grading.anatomy import Cell
from grading.csv.imports.grade_rows import ReadInFile, ReadKey
from grading.models import MRI, Grade, Read, Reopening, Study
from grading.scale import SIGNED_OFF
from grading.services.row_lock import ENTRY_HAS_ENDED
from grading.sheets.refusal import refuse
from thighsite.limiting import limited_to, limiting_to

Grades = dict[Cell, int | None]


@dataclass(frozen=True)
class StoredMRI:
    id: UUID
    group: str


@dataclass(frozen=True)
class Stored:
    """The reads that the file names are locked, so that nobody grades or signs them during the import."""

    mris: dict[tuple[str, str], StoredMRI]  # by participant and MRI
    participants: set[str]
    reads: dict[ReadKey, Read]
    grades: dict[UUID, Grades]
    keys: set[ReadKey]  # of every read of the study
    graded: set[ReadKey]  # of those with a grade that their readers have not still to finish for the first time
    positions: dict[tuple[str, int], ReadKey | None]  # of every read with a place, by reader; None for one unseen


def study_for_import(study: Study) -> Study:
    """Fetch the study as it is now, locked against other imports. ImportRefused if entry has ended."""
    study = Study.objects.select_for_update(no_key=True).get(pk=study.pk)
    if study.is_locked:
        raise refuse(ENTRY_HAS_ENDED, of_file=False)
    return study


def mris_by_codes(study: Study) -> dict[tuple[str, str], MRI]:
    """Fetch the MRIs of a study with their participants, by the codes of both."""
    return {(mri.participant.code, mri.code): mri for mri in study.mris.select_related("participant")}


def unknown_mri(participant: str, mri: str) -> str:
    return f"The study has no MRI {mri} of participant {participant}. Bring it in first, with the participants."


def fetch_only_mris(study: Study) -> dict[str, str]:
    """Find each participant's MRI, for files that name none; empty for a participant who has several."""
    found: dict[str, str] = {}
    for participant, mri in MRI.objects.filter(study=study).order_by().values_list("participant__code", "code"):
        found[participant] = "" if participant in found else mri
    return found


def fetch_stored(study: Study, in_file: Iterable[ReadInFile]) -> Stored:
    mris = {
        (participant, code): StoredMRI(id, group)
        for id, participant, code, group in MRI.objects.filter(study=study)
        .order_by()
        .values_list("id", "participant__code", "code", "participant__group__code")
    }
    of_study = _reads_of(study)
    named = {of_study.ids[read.key]: read.key for read in in_file if read.key in of_study.ids}
    locked = Read.objects.select_for_update(of=("self",)).filter(id__in=named).order_by("id")
    reads = {named[read.id]: read for read in locked}  # before the grades, which nobody changes from here on
    grades: dict[UUID, Grades] = {id: {} for id in named}
    rows = Grade.objects.filter(read__in=named).order_by().values_list("read", "muscle", "side", "score")
    for read, muscle, side, score in rows.iterator(chunk_size=10_000):
        grades[read][Cell(muscle, side)] = score
    return Stored(
        mris=mris,
        participants=set(study.participants.values_list("code", flat=True)),
        reads=reads,
        grades=grades,
        keys=set(of_study.ids),
        graded=of_study.graded,
        positions=of_study.positions,
    )


@dataclass
class _Reads:
    """Every read of a study."""

    ids: dict[ReadKey, UUID] = field(default_factory=dict)
    graded: set[ReadKey] = field(default_factory=set)
    positions: dict[tuple[str, int], ReadKey | None] = field(default_factory=dict)


def _reads_of(study: Study) -> _Reads:
    found = _Reads()
    reads = Read.objects.filter(study=study).order_by()
    of_it = {"read": OuterRef("pk")}
    was_finished = Q(status=SIGNED_OFF) | Q(handed_out=False) | Exists(Reopening.objects.filter(**of_it))
    reads = reads.annotate(is_graded=Exists(Grade.objects.filter(**of_it)) & was_finished)
    columns: tuple[Any, ...] = ("mri__participant__code", "mri__code", "reader__username", "feature", "occasion")
    for id, position, is_graded, *key in reads.values_list("id", "position", "is_graded", *columns):
        read = ReadKey(*key)
        found.ids[read] = id
        if is_graded:
            found.graded.add(read)
        if position is not None:
            found.positions[read.reader, position] = read
    if limited_to():
        with limiting_to(None):  # a place is taken, also by a read of another study site
            taken: Any = Read.objects.filter(study=study, position__isnull=False).order_by()
            found.positions = dict.fromkeys(taken.values_list("reader__username", "position")) | found.positions
    return found
