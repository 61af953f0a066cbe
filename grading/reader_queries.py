"""Queries as the reader who is asked may see them: values, which belong to the allow-list in grading/reader_view.py."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from grading.models import Query, QueryNote, Read, Study
from grading.reader_cases import CaseLink
from grading.worklist import own_cases

MOST_ASKED = 20


@dataclass(frozen=True)
class ReaderNote:
    """One step of a query. Who of the coordinators asked is nobody's here; a remark at closing is for coordinators."""

    is_own: bool
    is_end: bool
    text: str
    at: datetime

    @classmethod
    def of(cls, note: QueryNote) -> "ReaderNote":
        is_end = note.kind == QueryNote.Kind.CLOSED
        return cls(note.kind == QueryNote.Kind.ANSWERED, is_end, "" if is_end else note.text, note.at)


@dataclass(frozen=True)
class ReaderQuery:
    """A query with its steps."""

    pk: UUID
    where: str
    is_open: bool
    waits_for_answer: bool
    notes: tuple[ReaderNote, ...]

    @property
    def last_question(self) -> str:
        return next(note.text for note in reversed(self.notes) if not note.is_own and not note.is_end)


@dataclass(frozen=True)
class Entered:
    """An answer that was refused, to be put right."""

    query: UUID
    text: str
    errors: tuple[str, ...]


def queries_of(read: Read) -> tuple[ReaderQuery, ...]:
    """List what a reader was asked about a read, in two queries."""
    found = Query.objects.filter(read=read).sent().prefetch_related("notes")
    queries = [
        ReaderQuery(
            query.pk,
            query.where,
            query.state != QueryNote.Kind.CLOSED,
            query.state == QueryNote.Kind.ASKED,
            tuple(ReaderNote.of(note) for note in query.notes.all()),
        )
        for query in found
    ]
    return tuple(sorted(queries, key=lambda query: query.notes[0].at))


def waiting_queries_of(read: Read) -> tuple[ReaderQuery, ...]:
    """List what a reader still has to answer about a read."""
    return tuple(query for query in queries_of(read) if query.waits_for_answer)


def asked_about(study: Study, reader) -> tuple[CaseLink, ...]:
    """List the cases that a reader is asked about and has not answered for; some of them, where there are many."""
    waiting = Query.objects.filter(study=study, read__reader=reader).waiting_for_reader()
    reads = own_cases(study.pk, reader).filter(pk__in=waiting.values("read")).in_reading_order()
    return tuple(CaseLink(read.pk, read.code, True) for read in reads[:MOST_ASKED])
