"""Acts: what one person changed in one transaction for one reason, as one line of the trail's page."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Max, When, Window
from django.db.models.functions import RowNumber

from grading.models.trail import TrailRecord, TrailRecordQuerySet
from grading.trail.words import RecordInWords, in_words

SHOWN = 25  # records of an act
_KEY = ("transaction", "actor_id", "reason", "source", "single")
# Records from before there were numbers of transactions stand each for itself.
_SINGLE = Case(When(transaction=0, then=F("id")), default=0)


@dataclass(frozen=True)
class Act:
    """One line of the page: its newest records, and how many there are in all."""

    lines: list[RecordInWords]
    number: int
    newest: int

    @property
    def first(self) -> RecordInWords:
        return self.lines[0]

    @property
    def unlisted(self) -> int:
        return self.number - len(self.lines)

    @property
    def summary(self) -> str:
        """Say what happened, each kind once with how often; of an act that is not listed whole, what is listed."""
        counts = Counter(line.happening for line in self.lines)
        names = {line.happening: line.happened for line in self.lines}
        said = [names[kind] if number == 1 else kind.of_several(number) for kind, number in counts.items()]
        if readers := {line.read.reader for line in self.lines if line.read}:
            said[-1] += f" ({', '.join(sorted(readers))})" if len(readers) < 4 else f" ({len(readers)} readers)"
        return (f"{self.number} records, the newest: " if self.unlisted else "") + ", ".join(said)


def acts(records: TrailRecordQuerySet, *, before: int | None, number: int) -> list[Act]:
    """List acts, the newest first: in a fixed number of queries, however many records they have.

    Args:
        before: the number of a record; acts that begin to show with older ones.
    """
    grouped = records.order_by().annotate(single=_SINGLE).values(*_KEY).annotate(newest=Max("id"), number=Count("id"))
    if before is not None:
        grouped = grouped.filter(newest__lt=before)
    found = list(grouped.order_by("-newest")[:number])
    listed: dict[tuple, list[RecordInWords]] = defaultdict(list)
    for line in in_words(_shown(records, found)):
        listed[_key(line.record)].append(line)
    return [Act(listed[tuple(act[name] for name in _KEY)], act["number"], act["newest"]) for act in found]


def one_by_one(records: Iterable[TrailRecord]) -> list[Act]:
    """Make each record a line of its own."""
    return [Act([line], 1, line.record.pk) for line in in_words(records)]


def _shown(records: TrailRecordQuerySet, found: list[dict[str, Any]]) -> Any:
    """Choose the newest records of each act."""
    place = Window(RowNumber(), partition_by=[*_KEY[:-1], _SINGLE], order_by=F("id").desc())
    chosen = records.order_by().filter(transaction__in={act["transaction"] for act in found})
    if singles := {act["single"] for act in found if act["single"]}:
        chosen = chosen.exclude(transaction=0) | records.order_by().filter(pk__in=singles)
    return chosen.annotate(place=place).filter(place__lte=SHOWN).with_what_they_tell_of().order_by("-id")


def _key(record: Any) -> tuple:
    single = record.pk if record.transaction == 0 else 0
    return record.transaction, record.actor_id, record.reason, record.source, single
