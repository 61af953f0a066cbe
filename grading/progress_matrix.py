"""Which reader has which read of which MRI: the coordinator's matrix, some MRIs at a time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grading.models import MRI, Read, Study
from grading.models.mri import MRIQuerySet
from grading.progress import ReaderProgress

MRI_ORDER = ("participant__code", "code")
FEATURES, STATUSES = dict(Read.Feature.choices), dict(Read.Status.choices)


@dataclass(frozen=True)
class CellRead:
    """What a cell shows of a read. A page has hundreds, so they are written here rather than by the template."""

    code: str
    status: str
    said: str


@dataclass(frozen=True)
class MatrixRow:
    """One MRI with a cell for each reader: their reads of it, none where it is not assigned to them."""

    mri: MRI
    cells: list[list[CellRead]]


def mris_of(study: Study) -> MRIQuerySet:
    """Choose the MRIs that are compared, in the order of the matrix.

    The study is asked of the participant, too, so that PostgreSQL can walk along its participants' codes.
    """
    mris = MRI.objects.filter(study=study, participant__study=study).for_comparison()
    return mris.select_related("participant").order_by(*MRI_ORDER)


def matrix_of(mris: list[MRI], readers: Iterable[ReaderProgress]) -> list[MatrixRow]:
    """Fetch the reads of some MRIs, in one query, and put each where its reader's column meets its MRI's row."""
    found = Read.objects.filter(mri__in=mris).order_by("-feature", "occasion")
    reads = defaultdict(list)
    shown = found.values_list("mri", "reader", "code", "status", "feature", "occasion")
    for mri, reader, code, status, feature, occasion in shown:
        reads[mri, reader].append(_shown(code, status, feature, occasion))
    columns = [reader.member.user_id for reader in readers]
    return [MatrixRow(mri, [reads.get((mri.pk, reader), []) for reader in columns]) for mri in mris]


def _shown(code: str, status: str, feature: str, occasion: int) -> CellRead:
    again = f", occasion {occasion}" if occasion > 1 else ""
    return CellRead(code, status, f"{FEATURES[feature]}{again}: {STATUSES[status]}")
