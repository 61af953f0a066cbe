"""Whether the slices of a study's stacks lie in the storage for scans as they were stored, by each stack's hash."""

from collections.abc import Iterator

from grading.integrity.row_names import RowNames
from grading.models import Stack, Study
from grading.slice_store import SliceMissing, digest_of


def slice_faults(study: Study) -> Iterator[str]:
    """Say of each stack whose slices are missing or others what is wrong. Outside a snapshot: one may go now."""
    names = RowNames()
    for stack in Stack.objects.filter(study=study).not_refused().iterator():
        problem = _problem(stack)
        if problem and Stack.objects.not_refused().filter(pk=stack.pk).exists():
            yield f"{names.of(Stack._meta.db_table, str(stack.pk))}: {problem}"


def _problem(stack: Stack) -> str | None:
    try:
        is_whole = digest_of(stack.pk, stack.slices) == stack.sha256
    except (KeyError, TypeError):
        return "its manifest does not say how many slices it has"
    except SliceMissing as missing:
        return f"{missing} in the storage for scans"
    return None if is_whole else "its slices are not those that were stored"
