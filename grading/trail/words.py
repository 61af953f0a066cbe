"""The trail in the words of the glossary: what a record is about, and each thing that changed, from what to what."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateTimeField, Field, Model

from grading.anatomy import Cell
from grading.models import MRI, Grade, Participant, TrailRecord
from grading.trail.tables import model_of

NOTHING = ""
KNOWN_BY_CODE: tuple[type[Model], ...] = (Participant, MRI)


@dataclass(frozen=True)
class Difference:
    """One thing that changed; nothing stands for what was not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class RecordInWords:
    """A record, as people read it."""

    record: TrailRecord
    what: str
    subject: str  # which participant or MRI it is about, by the code of now, or the last that it had; else ""
    differences: list[Difference]

    @property
    def who(self) -> str:
        """Name the person; for a program that nobody was signed in to, the program."""
        if self.record.actor_id is None:
            return self.record.source or self.record.role
        return self.record.actor.get_username() if self.record.actor else f"account {self.record.actor_id}, deleted"


def in_words(records: Iterable[TrailRecord]) -> list[RecordInWords]:
    """Put records into words. The number of queries depends on the tables, not on the records."""
    records = list(records)
    names = _names_of_referred(records)
    return [
        RecordInWords(record, _what(record.table), names.get(_subject(record), ""), _differences(record, names))
        for record in records
    ]


def _what(table: str) -> str:
    if table == Grade._meta.db_table:
        return "grades"
    model = model_of(table)
    return str(model._meta.verbose_name) if model else table


def _subject(record: TrailRecord) -> tuple:
    return model_of(record.table), record.key


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


def _differences(record: TrailRecord, names: dict[tuple, str]) -> list[Difference]:
    return [_difference(record.table, *change, names) for change in _changes(record)]


def _difference(table: str, column: str, before: Any, after: Any, names: dict[tuple, str]) -> Difference:
    if table == Grade._meta.db_table:
        return Difference(Cell.of_trail_key(column).label, _text(before), _text(after))
    field = _field(table, column)
    name = str(field.verbose_name) if field else column
    return Difference(name, *(_value(field, value, names) for value in (before, after)))


def _value(field: Field | None, value: Any, names: dict[tuple, str]) -> str:
    if field is not None and field.is_relation:
        return names.get((field.related_model, str(value)), _text(value))
    if isinstance(field, DateTimeField) and isinstance(value, str):
        return value.replace("+00:00", "Z")
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, _text(value)))
    return _text(value)


def _text(value: Any) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(" ".join(map(_text, item)) if isinstance(item, list) else _text(item) for item in value)
    return str(value)


def _names_of_referred(records: list[TrailRecord]) -> dict[tuple, str]:
    """Find what the rows that the records are about or refer to are called: one query for each kind of them."""
    wanted: dict[type[Model], set] = defaultdict(set)
    for record in records:
        model = model_of(record.table)
        if model in KNOWN_BY_CODE:
            wanted[model].add(record.key)
        for column, *values in _changes(record):
            field = _field(record.table, column)
            if field is not None and field.related_model is not None:
                wanted[field.related_model] |= {value for value in values if value is not None}
    names = {
        (model, str(key)): str(found)
        for model, keys in wanted.items()
        for key, found in model._default_manager.in_bulk(_valid(model, keys)).items()
    }
    return _last_codes(wanted, names) | names


def _last_codes(wanted: dict[type[Model], set], names: dict[tuple, str]) -> dict[tuple, str]:
    """Find the codes that participants and MRIs had when they were deleted, in one query if there are such."""
    tables = {model._meta.db_table: model for model in KNOWN_BY_CODE}
    gone = {str(key) for model in KNOWN_BY_CODE for key in wanted.get(model, ()) if (model, str(key)) not in names}
    if not gone:
        return {}
    deleted = TrailRecord.objects.filter(table__in=tables, key__in=gone, operation=TrailRecord.Operation.DELETE)
    return {(tables[table], key): code for table, key, code in deleted.values_list("table", "key", "before__code")}


def _valid(model: type[Model], keys: set) -> list:
    """Choose the keys that can be asked for: a record keeps what a row held, sense or none."""
    valid = []
    for key in keys:
        try:
            valid.append(model._meta.pk.to_python(key))
        except ValidationError:
            continue
    return valid
