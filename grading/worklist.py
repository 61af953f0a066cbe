"""A reader's cases in their stored order, under neutral labels that say nothing about the participant."""

from dataclasses import dataclass

from grading.models import Read, Study


@dataclass(frozen=True)
class Case:
    """A read as its reader sees it."""

    read: Read
    label: str


@dataclass(frozen=True)
class Worklist:
    cases: list[Case]

    @classmethod
    def of(cls, study: Study, reader) -> "Worklist":
        """All of a reader's cases in one study, with progress, in one query."""
        reads = list(Read.objects.filter(study=study).for_reader(reader).with_progress().in_reading_order())
        total = len(reads)
        return cls([Case(read, f"Case {number} of {total}") for number, read in enumerate(reads, start=1)])

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

    def label(self, read: Read) -> str:
        return next(case.label for case in self.cases if case.read == read)

    def next_open(self, *, after: Read) -> Read | None:
        """The next open case after a read, beginning again at the front when the end is reached."""
        place = next(number for number, case in enumerate(self.cases) if case.read == after)
        ahead = [case.read for case in self.cases[place + 1 :] + self.cases[:place]]
        return next((read for read in ahead if not read.is_signed_off), None)
