"""What a correction will do, in words."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grading.codes.similarity import similar_codes
from grading.codes.suspicion import why_mangled, why_personal
from grading.models import MRI
from grading.services.participants import Effect, PlacedMRI
from grading.words import counted

NOTHING = "nothing"


@dataclass(frozen=True)
class Change:
    """One value, from what to what."""

    what: str
    before: str
    after: str


def change(what: str, before: Any, after: Any) -> Change:
    return Change(what, *(NOTHING if value in (None, "") else _figure(value) for value in (before, after)))


def placement_changes(mris: Iterable[MRI], placed: Iterable[PlacedMRI], codes: Mapping[UUID, str]) -> Iterator[Change]:
    """List what changes of MRIs. ``codes`` are those of their participants, before and after."""
    by_key = {each.mri: each for each in placed}
    for mri in mris:
        old, new = PlacedMRI.of(mri), by_key[mri.pk]
        if old.participant != new.participant:
            yield Change(f"participant of {mri.code}", codes[old.participant], codes[new.participant])
        names = {"code": "code", "scan_year": "scan year", "days": "days since the first MRI"}
        for name, word in names.items():
            if getattr(old, name) != getattr(new, name):
                yield change(f"{word} of {mri.code}", getattr(old, name), getattr(new, name))


def effect_in_words(effect: Effect, *, is_renamed: bool = False) -> list[str]:
    """Say what becomes of reads and of the comparison. ``is_renamed``: a code or group changes that was signed."""
    sentences = {
        "[leaves|leave] the comparison and the agreement.": effect.leave,
        "[enters|enter] the comparison and the agreement.": effect.enter,
        "[counts|count] for the other group: the comparison changes.": effect.other_group,
        "[counts|count] for the other participant: the comparison changes.": effect.other_participant,
    }
    said = [f"{reads(count)} {_agreeing(text, count)}" for text, count in sentences.items() if count]
    if not effect.changes_numbers:
        said.append("The comparison of all participants keeps its numbers.")
    if effect.signed_off and is_renamed:
        said.append(
            "Grades and sign-offs stay as they are, and are marked as corrected since. The data hold codes and groups, "
            "so their version changes."
        )
    return said


def reads(count: int, kind: str = "signed-off") -> str:
    return counted(count, f"{kind} read")


def questions_of_code(code: str, others: Collection[str]) -> list[str]:
    """Ask about a new code that is easily taken for another, or that seems to be none."""
    alike = [
        f"{code} is easily taken for {pair.other}. Are they not the same?" for pair in similar_codes([code], others)
    ]
    return [*alike, *(f"{code} {problem}." for why in (why_mangled, why_personal) if (problem := why(code)))]


def _agreeing(text: str, count: int) -> str:
    """Choose of “[one|several]” by the number."""
    words, rest = text.removeprefix("[").split("]", 1)
    return words.split("|")[count != 1] + rest


def _figure(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) and abs(value) < 1e6 else str(value)
