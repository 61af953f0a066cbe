"""A reader's cases in their stored order, under neutral labels that say nothing about the participant."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from grading.models import Read, Study


@dataclass(frozen=True)
class Case:
    """A read as its reader sees it."""

    read: Read
    label: str


@dataclass(frozen=True)
class Worklist:
    """The cases that have come up, and when the next ones do."""

    cases: list[Case]
    later: list[datetime]

    @classmethod
    def of(cls, study: Study, reader) -> "Worklist":
        """All of a reader's cases in one study, with progress, in one query."""
        now = timezone.now()
        reads = Read.objects.filter(study=study).for_reader(reader).with_progress().in_reading_order()
        later = sorted(read.available_at for read in reads if not read.is_available(now))
        cases = [read for read in reads if read.is_available(now)]
        total = len(cases)
        return cls([Case(read, f"Case {number} of {total}") for number, read in enumerate(cases, start=1)], later)

    @property
    def open(self) -> list[Case]:
        return [case for case in self.cases if not case.read.is_signed_off]

    @property
    def signed_off(self) -> int:
        return len(self.cases) - len(self.open)

    @property
    def resume(self) -> Case | None:
        """Where the reader goes on: the first open case."""
        return self.open[0] if self.open else None

    @property
    def is_reading_again(self) -> bool:
        """Whether re-reads are still to be graded. Until they are, nobody looks at earlier grades."""
        return bool(self.later) or any(case.read.occasion > 1 for case in self.open)

    def label(self, read: Read) -> str:
        return next(case.label for case in self.cases if case.read == read)

    def next_open(self, *, after: Read) -> Read | None:
        """The next open case after a read, beginning again at the front when the end is reached."""
        place = next(number for number, case in enumerate(self.cases) if case.read == after)
        ahead = [case.read for case in self.cases[place + 1 :] + self.cases[:place]]
        return next((read for read in ahead if not read.is_signed_off), None)
