"""The trail in the words of the glossary: what happened to what, and each thing that changed, from what to what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateTimeField, Field

from grading.anatomy import Cell
from grading.models import MRI, Covariate, CovariateValue, Grade, Member, Read, Stack, TrailRecord, Unblinded
from grading.scale import FEATURE_NAMES
from grading.trail.differences import Difference
from grading.trail.happenings import Happening, happening
from grading.trail.rows import NAMED_BY, Place, Rows
from grading.trail.tables import model_of

NOTHING = ""


@dataclass(frozen=True)
class ReadInWords:
    """Whose read of what a record belongs to, also where the read is gone."""

    participant: str
    mri: str
    reader: str
    feature: str
    occasion: int | None
    code: str  # empty of a read that was gone before reads had codes

    def __str__(self) -> str:
        feature = FEATURE_NAMES.get(self.feature, self.feature)
        again = "" if self.occasion in (None, 1) else f", occasion {self.occasion}"
        case = f" · case {self.code}" if self.code else ""
        return f"{self.participant} · {self.mri} · {self.reader} · {feature}{again}{case}"


@dataclass(frozen=True)
class RecordInWords:
    """A record, as people read it."""

    record: TrailRecord
    what: str
    subject: str  # which person, participant, MRI or other row it is about, by the name of now, or the last; else ""
    read: ReadInWords | None
    happening: Happening
    differences: list[Difference]

    @property
    def who(self) -> str:
        """Name the person; for a program that nobody was signed in to, the program."""
        if self.record.actor_id is None:
            return self.record.source or self.record.role
        return self.record.actor.get_username() if self.record.actor else f"account {self.record.actor_id}, deleted"

    @property
    def happened(self) -> str:
        """Say in a few words what happened to whom or what."""
        return self.happening.of(self.subject)

    @property
    def shown_differences(self) -> list[Difference]:
        return [difference for difference in self.differences if difference.is_for_people]


def in_words(records: Iterable[TrailRecord]) -> list[RecordInWords]:
    """Put records into words. The number of queries depends on the tables, not on the records."""
    records = list(records)
    rows = Rows(place for record in records for place in _places(record))
    return [
        RecordInWords(
            record,
            _what(record.table),
            _subject(record, rows),
            _read(record, rows),
            happening(record),
            [_difference(record.table, *change, rows) for change in _changes(record)],
        )
        for record in records
    ]


def _places(record: TrailRecord) -> Iterator[Place]:
    """List the rows whose names the words about a record need."""
    if (model := model_of(record.table)) in NAMED_BY and model is not Read:
        yield model, record.key
    if record.read_id and record.read is None:
        yield Read, str(record.read_id)
    for column, *values in _changes(record):
        field = _field(record.table, column)
        if field is not None and field.related_model not in (None, Read):
            yield from ((field.related_model, str(value)) for value in values if value is not None)


def _what(table: str) -> str:
    if table == Grade._meta.db_table:
        return "grades"
    model = model_of(table)
    return str(model._meta.verbose_name) if model else table


def _subject(record: TrailRecord, rows: Rows) -> str:
    model = model_of(record.table)
    told = (record.before or {}) | (record.after or {}) if model not in NAMED_BY else {}
    person = (rows.row(model, record.key) if model in (Member, Unblinded) else told).get("user_id")
    if person is not None:
        return rows.name(_USER, person) or f"account {person}"
    if model is Stack:
        return _mri(rows.row(Stack, record.key).get("mri_id"), rows)
    if model is MRI:
        return _mri(record.key, rows)
    if model is CovariateValue:
        row = rows.row(CovariateValue, record.key)
        of = rows.name(_PARTICIPANT, row.get("participant_id")) or row.get("participant_id")
        return f"{rows.name(Covariate, row.get('covariate_id')) or 'value'} of {of}"
    return (rows.name(model, record.key) if model is not Read else None) or ""


def _mri(key: Any, rows: Rows) -> str:
    """Name an MRI with its participant; nothing where nothing is known of it."""
    name, participant = rows.name(MRI, key) or "", rows.row(MRI, key).get("participant_id")
    return f"{name} of {rows.name(_PARTICIPANT, participant) or participant}" if name and participant else name


_USER = Member._meta.get_field("user").related_model
_PARTICIPANT = MRI._meta.get_field("participant").related_model


def _read(record: TrailRecord, rows: Rows) -> ReadInWords | None:
    if record.read_id is None:
        return None
    if read := record.read:
        mri, reader = read.mri, read.reader.get_username()
        return ReadInWords(mri.participant.code, mri.code, reader, read.feature, read.occasion, read.code)
    row = rows.row(Read, record.read_id)
    participant = rows.name(_PARTICIPANT, rows.row(MRI, row.get("mri_id")).get("participant_id"))
    mri_code, username = rows.name(MRI, row.get("mri_id")), rows.name(_USER, row.get("reader_id"))
    feature, code = (str(row.get(name, "")) for name in ("feature", "code"))
    return ReadInWords(participant or "", mri_code or "", username or "", feature, row.get("occasion"), code)


def _changes(record: TrailRecord) -> Iterator[tuple[str, Any, Any]]:
    before, after = record.before or {}, record.after or {}
    for name in before | after:
        yield name, before.get(name), after.get(name)


@cache
def _field(table: str, column: str) -> Field | None:
    model = model_of(table)
    try:
        field = model._meta.get_field(column.removesuffix("_id")) if model else None
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) else None


def _difference(table: str, column: str, before: Any, after: Any, rows: Rows) -> Difference:
    if table == Grade._meta.db_table:
        return Difference(Cell.of_trail_key(column).label, _text(before), _text(after))
    field = _field(table, column)
    name = str(field.verbose_name) if field else column
    return Difference(name, *(_value(field, value, rows) for value in (before, after)))


def _value(field: Field | None, value: Any, rows: Rows) -> str:
    if field is not None and field.is_relation:
        return (rows.name(field.related_model, value) if value is not None else None) or _text(value)
    if isinstance(field, DateTimeField) and isinstance(value, str):
        return value.replace("+00:00", "Z")
    if field is not None and field.choices:
        return next((str(label) for chosen, label in field.flatchoices if chosen == value), _text(value))
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(" ".join(map(_text, item)) if isinstance(item, list) else _text(item) for item in value)
    return str(value)
