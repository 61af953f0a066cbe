"""Whether what is stored is what was signed, and what the trail tells."""

from collections.abc import Iterator

from grading.integrity.signature import SignedRead, signature
from grading.integrity.trail_replay import cells_unlike_their_trail
from grading.models import Read, Study

CHUNK = 1000


def signed_reads(study: Study) -> Iterator[Read]:
    """Fetch the signed-off reads of a study, in the order of the exports, with what their signatures bind."""
    reads = Read.objects.filter(study=study).signed_off().for_overview().select_related("signed_off_by")
    return reads.prefetch_related(None).prefetch_related("grades").iterator(chunk_size=CHUNK)


def is_as_signed(read: Read) -> bool:
    """Say whether the signature, computed anew from what is stored, is the one that was made at sign-off."""
    if read.signed_off_by is None or read.signed_off_at is None:
        return False
    content = SignedRead(
        participant=read.mri.participant.code,
        mri=read.mri.code,
        reader=read.reader.username,
        occasion=read.occasion,
        feature=read.feature,
        sequence=read.sequence,
        grades=tuple((grade.muscle, grade.side, grade.score) for grade in read.grades.all()),
        signer=read.signed_off_by.username,
        signed_off_at=read.signed_off_at,
        meaning=read.sign_off_meaning,
    )
    return signature(content) == read.signature


def unlike_the_trail(study: Study) -> Iterator[tuple[Read, list[str]]]:
    """Find reads, signed off or not, with the cells whose grade changed without a record."""
    cells = cells_unlike_their_trail(study)
    for read in Read.objects.filter(pk__in=cells).for_overview():
        yield read, cells[read.pk]


def in_words(read: Read) -> str:
    """Name a read by its codes."""
    occasion = f", occasion {read.occasion}" if read.occasion > 1 else ""
    return f"{read.mri.participant.code}, {read.mri.code}, {read.reader.username}, {read.feature}{occasion}"
