"""Whether the slices of a study's stacks lie in the storage for scans as they were stored, by each stack's hash."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models.fields.json import KT

from grading.integrity.row_names import RowNames
from grading.models import Stack, Study
from grading.slice_store import SliceMissing, digest_of


def slice_faults(study: Study) -> Iterator[str]:
    """Say of each stack whose slices are missing or others what is wrong. Outside a snapshot: one may go now."""
    names = RowNames()
    stacks = Stack.objects.filter(study=study).not_refused().values_list("pk", "sha256", KT("geometry__slices"))
    for pk, sha256, slices in stacks.iterator():
        problem = _problem(pk, sha256, slices)
        if problem and Stack.objects.not_refused().filter(pk=pk).exists():
            yield f"{names.of(Stack._meta.db_table, str(pk))}: {problem}"


def _problem(pk: UUID, sha256: str, slices: str | None) -> str | None:
    try:
        is_whole = digest_of(pk, int(slices or "")) == sha256
    except ValueError:
        return "its manifest does not say how many slices it has"
    except SliceMissing as missing:
        return f"{missing} in the storage for scans"
    return None if is_whole else "its slices are not those that were stored"
