"""The scan beside a case as its reader may see it, and whether they may see it now: values alone.

Nothing of it tells which MRI it is of: neither the stack's own number nor the hash of its slices, which would be equal
for whoever else reads the MRI, and when it is read again. Each stack has a version of its own beside each case, by
which its slices are asked for: none of another stack, which took its place or which a browser has kept, comes along.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from grading.models import Read, Stack
from grading.scale import SEQUENCES, STIR, T1W, T2FS
from grading.worklist import is_reading_again, next_open, own_cases

LEFT, RIGHT = (STIR, T2FS), (T1W,)  # the first there is of each, where the study has chosen none


@dataclass(frozen=True)
class ShownStack:
    """One sequence of a scan: what its slices look like, where they lie in space, and by which version they come."""

    sequence: str
    is_drawing: bool
    geometry: dict[str, Any]
    version: str

    @classmethod
    def of(cls, stack: Stack, beside: UUID) -> "ShownStack":
        geometry = {name: value for name, value in stack.manifest.to_json().items() if name != "sha256"}
        return cls(stack.sequence, stack.is_drawing, geometry, version_of(beside, stack))

    def to_json(self, url: str) -> dict[str, Any]:
        """Write it as the viewer takes it; ``url`` is the address of its first slice."""
        return {**self.geometry, "drawing": self.is_drawing, "version": self.version, "url": url.removesuffix("0/")}


@dataclass(frozen=True)
class ShownScan:
    """What the viewer shows beside a case: its stacks by sequence, which of them side by side, and which case follows.

    ``following`` is the one case whose scan may be fetched ahead.
    """

    code: str
    left: str | None
    right: str | None
    stacks: tuple[ShownStack, ...]
    following: UUID | None

    @classmethod
    def of(cls, read: Read) -> "ShownScan":
        """Gather what is shown beside a read: as many queries however many stacks there are."""
        stacks = [ShownStack.of(stack, read.pk) for stack in Stack.objects.shown_with(read).order_by("sequence")]
        chosen = (read.study.left_sequence, read.study.right_sequence)
        left, right = side_by_side([stack.sequence for stack in stacks], *chosen)
        following = next_open(read)
        is_near = following is not None and may_see_scan(following)
        return cls(read.code, left, right, tuple(stacks), following.pk if following and is_near else None)


def side_by_side(
    sequences: Iterable[str], chosen_left: str = "", chosen_right: str = ""
) -> tuple[str | None, str | None]:
    """Choose which sequence stands left and which right; none stands twice, and one alone stands left.

    What the study has chosen stands on its side where there is a stack of it. Where it has chosen, no side stays empty
    while there is another stack.
    """
    there = set(sequences)
    others = SEQUENCES if chosen_left or chosen_right else ()
    left = _first(there - {chosen_right}, (chosen_left, *LEFT, *others))
    right = _first(there - {left}, (chosen_right, *RIGHT, *others))
    return (left, right) if left else (right, None)


def _first(there: set[str], wanted: Iterable[str]) -> str | None:
    return next((sequence for sequence in wanted if sequence in there), None)


def has_scan(read: Read) -> bool:
    """Say whether there is anything to show beside a read."""
    return Stack.objects.shown_with(read).exists()


def may_see_scan(read: Read) -> bool:
    """Say whether the reader of a read that has come up may see its scan now.

    Of a case that they have opened; and, so that it can be fetched ahead, of the one that comes next after one. Not of
    a signed-off case while they are reading again, when its page is closed, too.
    """
    if read.is_signed_off:
        return not is_reading_again(read.study_id, read.reader_id)
    if read.opened_at is not None:
        return True
    before = own_cases(read.study_id, read.reader_id).open().nearest_before(read)
    return before is None or before.opened_at is not None


def version_of(beside: UUID, stack: Stack) -> str:
    """Name a stack as it is shown beside one case: by another name beside any other."""
    return sha256(f"{beside} {stack.sha256}".encode()).hexdigest()[:32]
