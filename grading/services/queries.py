"""Queries: a coordinator asks a reader about a grade, the reader answers, the coordinator closes.

Each step takes the read's row lock first, so that no two can slip past one another.
"""

from datetime import datetime
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import Query, QueryNote, Read, Study
from grading.models.query import QueryQuerySet
from grading.services.calibration import is_calibration
from grading.services.reasons import checked_reason
from grading.services.row_lock import check_entry_open, check_taking_part, for_update, is_taking_part
from grading.services.shown_reasons import what_is_told

HAS_ENDED = "This query is closed already."
WAS_SENT = "This proposal was sent meanwhile: its reader was asked. Close the query instead."
IS_READ_AGAIN = "Its reader reads this MRI again, and shall not be led back to it before."


def why_not_asked(read: Read) -> str | None:
    """Say why a reader cannot be asked about a read; None where they can."""
    if not read.is_signed_off:
        return "The read is open: its reader is at it anyway."
    if read.is_imported:
        return "A file brought the read in: its reader never had it in hand here."
    if is_calibration(read):
        return "Its reader calibrates by the case, and has seen the reference."
    if not is_taking_part(read):
        return "The participant has withdrawn: their reads stay as they are."
    return IS_READ_AGAIN if _is_read_again(read) else None


def _is_read_again(read: Read) -> bool:
    return not Read.objects.filter(pk=read.pk).exclude_read_again().exists()


@transaction.atomic
def ask(*, read: Read, by: Any, text: str, muscle: str = "", side: str = "", rule: str = "") -> Query:
    """Ask the reader of a signed-off read about one muscle, or about the whole case. Asked already, it stays so.

    Raises:
        ValidationError: there is no text, it is too long, or it names somebody or a group; the reader cannot be asked.
    """
    about = {"muscle": muscle, "side": side, "rule": rule}
    read = _for_asking(read)
    text = _shown(read, text)
    former = _since_sign_off(read).filter(**about)
    same = former.with_state() if rule else former.open().filter(notes__number=1, notes__text=text)
    if query := same.first():
        if query.state == QueryNote.Kind.DISMISSED:
            raise ValidationError("This proposal was dismissed. Ask about the read without it.")
        return query
    return _note(_new(read, about), QueryNote.Kind.ASKED, by=by, text=text)


@transaction.atomic
def dismiss(*, read: Read, by: Any, reason: str, muscle: str, side: str, rule: str) -> Query:
    """Note that what the site proposed to ask is not asked, and why. Dismissed already, it stays so.

    Raises:
        ValidationError: there is no reason, or it is too long; the read is not signed off; the reader was asked.
    """
    about = {"muscle": muscle, "side": side, "rule": rule}
    read, reason = _for_asking(read), checked_reason(reason)
    if query := _since_sign_off(read).filter(**about).with_state().first():
        if query.state != QueryNote.Kind.DISMISSED:
            raise ValidationError(WAS_SENT)
        return query
    return _note(_new(read, about), QueryNote.Kind.DISMISSED, by=by, text=reason)


@transaction.atomic
def ask_further(*, query: Query, by: Any, text: str) -> Query:
    """Ask the reader once more. ValidationError for a text that cannot be shown, and for a closed query."""
    read = _for_next_step(query)
    check_taking_part(read)
    if _is_read_again(read):
        raise ValidationError(IS_READ_AGAIN)
    return _note(query, QueryNote.Kind.ASKED, by=by, text=_shown(read, text))


@transaction.atomic
def answer(*, query: Query, by: Any, text: str) -> Query:
    """Note what the reader answers. ValidationError for no text, one that is too long, and a closed query."""
    check_taking_part(_for_next_step(query))
    return _note(query, QueryNote.Kind.ANSWERED, by=by, text=checked_reason(text, "an answer"))


@transaction.atomic
def close(*, query: Query, by: Any, text: str = "") -> Query:
    """End a query, with or without a remark, which its reader does not see. Closed already, it stays so."""
    try:
        _for_next_step(query)
    except QueryHasEnded:
        return query
    return _note(query, QueryNote.Kind.CLOSED, by=by, text=checked_reason(text, "a remark") if text.strip() else "")


class QueryHasEnded(ValidationError):
    """Somebody tried to go on with a query that is closed."""


def _for_asking(read: Read) -> Read:
    """Lock the study, which whoever locks it waits for, then the read. ValidationError where it cannot be asked of."""
    Study.objects.select_for_update(no_key=True).get(pk=read.study_id)
    read = for_update(read)
    check_entry_open(read.study)
    if problem := why_not_asked(read):
        raise ValidationError(problem)
    return read


def _for_next_step(query: Query) -> Read:
    Study.objects.select_for_update(no_key=True).get(pk=query.study_id)  # first, as whoever asks or locks does
    read = for_update(query.read)
    check_entry_open(read.study)
    if not Query.objects.open().filter(pk=query.pk).exists():
        raise QueryHasEnded(HAS_ENDED)
    return read


def _shown(read: Read, text: str) -> str:
    """Clean what the reader is shown. ValidationError for what they must not learn."""
    text = checked_reason(text, "the question")
    if told := what_is_told(read, text):
        raise ValidationError(f"{told}: leave it out of the question.")
    return text


def _since_sign_off(read: Read) -> QueryQuerySet:
    """Choose the queries about a signed-off read as it is now."""
    return Query.objects.filter(read=read, signed_off_at=cast(datetime, read.signed_off_at))


def _new(read: Read, about: dict[str, str]) -> Query:
    query = Query(study=read.study, read=read, signed_off_at=cast(datetime, read.signed_off_at), **about)
    query.full_clean()
    query.save(force_insert=True)
    return query


def _note(query: Query, kind: str, *, by: Any, text: str) -> Query:
    number = query.notes.count() + 1
    QueryNote.objects.create(study_id=query.study_id, query=query, number=number, kind=kind, text=text, by=by)
    return query
