"""The steps of a study in the order of the work: what is done, what is next, and how much of it there is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Count

from grading.models import MRI, Member, Read, Study
from grading.progress import ReaderProgress
from grading.roles import ROLES
from grading.words import counted

DONE, NEXT, LATER, ANY_TIME = "done", "next", "later", "any time"


@dataclass(frozen=True)
class Step:
    """One step: where it stands on the page, how far it is, and the counts of it in words."""

    anchor: str
    title: str
    state: str
    said: str


@dataclass(frozen=True)
class Counts:
    """What a study has of everything that a step is about."""

    participants: int
    mris: int
    reads: int
    imported: int
    not_begun: int
    signed_off: int

    @classmethod
    def of(cls, study: Study, progress: Iterable[ReaderProgress]) -> "Counts":
        mris = MRI.objects.filter(study=study).for_comparison()
        return cls(
            **mris.aggregate(participants=Count("participant", distinct=True), mris=Count("pk")),
            reads=sum(reader.total for reader in progress),
            imported=Read.objects.filter(study=study).imported().taking_part().count(),
            not_begun=sum(reader.assigned for reader in progress),
            signed_off=sum(reader.signed_off for reader in progress),
        )


def steps_of(study: Study, members: Iterable[Member], progress: list[ReaderProgress]) -> list[Step]:
    """List the steps. The first that is still to do is next; what can be done whenever never is."""
    counts = Counts.of(study, progress)
    steps = [
        Step("people", "People", _done(progress), _people(members)),
        Step("participants", "Participants", _done(counts.mris), _participants(counts)),
        Step("cases", "Cases", _done(counts.reads), _cases(counts)),
        Step("grades", "Grades from files", ANY_TIME, _grades(counts)),
        Step("progress", "Progress", _done(0 < counts.reads == counts.signed_off), _progress(counts)),
        Step("export", "Data out", ANY_TIME, "grades, participants, codebook"),
        Step("settings", "Settings", ANY_TIME, f"readers see “{study.title_for_readers}”"),
        Step("lock", "Lock", _done(study.is_locked), _lock(study)),
    ]
    upcoming = None if study.is_locked else next((step for step in steps if step.state == LATER), None)
    return [replace(step, state=NEXT) if step is upcoming else step for step in steps]


def _done(is_done: object) -> str:
    return DONE if is_done else LATER


def _people(members: Iterable[Member]) -> str:
    members = list(members)
    roles = Counter(member.role for member in members)
    said = ", ".join(counted(roles[role.code], role.title) for role in ROLES if roles[role.code])
    not_yet = sum(member.user.last_login is None for member in members)
    return f"{said}; {not_yet} not signed in yet" if not_yet else said


def _participants(counts: Counts) -> str:
    if not counts.participants:
        return "none yet"
    return f"{counted(counts.participants, 'participant')}, {counted(counts.mris, 'MRI')}"


def _cases(counts: Counts) -> str:
    if not counts.reads:
        return "no reads yet: assign them, or import grades" if counts.mris else "none yet"
    return f"{counted(counts.reads, 'read')}, {counts.not_begun} not begun"


def _grades(counts: Counts) -> str:
    return counted(counts.imported, "imported read") if counts.imported else "for what was graded elsewhere"


def _progress(counts: Counts) -> str:
    return f"{counts.signed_off} of {counted(counts.reads, 'read')} signed off" if counts.reads else "nothing yet"


def _lock(study: Study) -> str:
    return f"locked {study.locked_at:%Y-%m-%d}" if study.locked_at else "ends entry"
