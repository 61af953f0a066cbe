"""Queries as coordinators see them: the list, and the history of one with the reopenings since."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from grading.models import Query, QueryNote, Reopening, Study
from grading.models.query import QueryQuerySet

STATES = {
    QueryNote.Kind.ASKED: "waits for the reader",
    QueryNote.Kind.ANSWERED: "answered",
    QueryNote.Kind.CLOSED: "closed",
    QueryNote.Kind.DISMISSED: "proposal dismissed",
}


def state_in_words(query: Query) -> str:
    return STATES[QueryNote.Kind(query.state)]


def queries_of(study: Study) -> QueryQuerySet:
    """List a study's queries, the latest first, with ``asked_at`` and ``question``, their first note's."""
    first = QueryNote.objects.filter(query=OuterRef("pk"), number=1)
    queries = Query.objects.filter(study=study).with_state()
    queries = queries.annotate(asked_at=Subquery(first.values("at")), question=Subquery(first.values("text")))
    return queries.select_related("read__mri__participant", "read__reader").order_by("-asked_at", "id")


@dataclass(frozen=True)
class Step:
    """One line of a query's history."""

    at: datetime
    who: str
    what: str
    text: str


def history(query: Query) -> list[Step]:
    """Put together what was said of a query and how its read was reopened since it was asked, in their order."""
    notes = list(query.notes.select_related("by"))
    steps = [Step(note.at, note.by.get_username(), note.get_kind_display(), note.text) for note in notes]
    since = Reopening.objects.filter(read=query.read_id, reopened_at__gte=notes[0].at).select_related("reopened_by")
    steps += [Step(each.reopened_at, each.reopened_by.get_username(), "read reopened", each.reason) for each in since]
    return sorted(steps, key=lambda step: step.at)
