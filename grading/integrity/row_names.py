"""Rows by the codes that people know them by, also where a row is gone and only the trail tells of it."""

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import JSONField, Model

from grading.models import MRI, Covariate, CovariateValue, Member, Participant, Read, Reopening, Stack, TrailRecord
from grading.models.trail import possible_keys
from grading.trail.tables import model_of

Row = dict[str, Any]
_WORDS = {
    get_user_model()._meta.db_table: "account",
    "mfa_authenticator": "second factor",
    "socialaccount_socialaccount": "institution's account",
}


class RowNames:
    """Names rows, each looked up once."""

    def __init__(self) -> None:
        self._stored: dict[tuple[type[Model], str], Row] = {}

    def of(self, table: str, key: str, row: Row | None = None) -> str:
        """Name a row by its table and key; ``row`` is what it held, for one that is not there any more."""
        model = model_of(table)
        if model is None:
            return f"{table} {key}"
        row = row or self._row(model, key)
        if not row:
            return f"{_word(model)} {key}"
        return self._named(model, key, row)

    def of_read(self, key: UUID | str, row: Row | None = None) -> str:
        return self.of(Read._meta.db_table, str(key), row)

    def _named(self, model: type[Model], key: str, row: Row) -> str:
        if model is Read:
            return self._read(row)
        if model is Reopening and row.get("read_id"):
            return f"reopening of {self.of_read(row['read_id'])}"
        if model is MRI:
            return f"MRI {row.get('code')} of participant {self._code(Participant, row.get('participant_id'))}"
        if model is Stack:
            return f"{row.get('sequence') or ''} stack of {self.of(MRI._meta.db_table, str(row.get('mri_id')))}".strip()
        if model is CovariateValue:
            name = self._row(Covariate, row.get("covariate_id")).get("name", row.get("covariate_id"))
            return f"{name} of participant {self._code(Participant, row.get('participant_id'))}"
        if model is Member:
            return f"member {self._person(row.get('user_id'))}"
        if "user_id" in row:
            return f"{_word(model)} of {self._person(row['user_id'])}"
        told = row.get("username") or row.get("slug") or row.get("code") or row.get("name") or key
        return f"{_word(model)} {told}"

    def _read(self, row: Row) -> str:
        mri = self._row(MRI, row.get("mri_id"))
        participant, person = self._code(Participant, mri.get("participant_id")), self._person(row.get("reader_id"))
        occasion = f", occasion {row['occasion']}" if row.get("occasion", 1) != 1 else ""
        return f"{participant}, {mri.get('code')}, {person}, {row.get('feature')}{occasion}"

    def _code(self, model: type[Model], key: Any) -> str:
        return str(self._row(model, key).get("code", key))

    def _person(self, key: Any) -> str:
        return str(self._row(get_user_model(), key).get("username", f"account {key}"))

    def _row(self, model: type[Model], key: Any) -> Row:
        """Fetch what is stored of a row; where it is gone, what the trail tells of it."""
        place = (model, str(key))
        if place not in self._stored:
            self._stored[place] = _stored(model, key) or _told(model._meta.db_table, str(key))
        return self._stored[place]


def _word(model: type[Model]) -> str:
    return _WORDS.get(model._meta.db_table) or str(model._meta.verbose_name)


def _stored(model: type[Model], key: Any) -> Row | None:
    """Fetch a row but for its JSON, which names nothing, and may be such as cannot be read."""
    columns = [field.attname for field in model._meta.concrete_fields if not isinstance(field, JSONField)]
    return model._default_manager.filter(pk__in=possible_keys(model, [key])).values(*columns).first()


def _told(table: str, key: str) -> Row:
    row: Row = {}
    for record in TrailRecord.objects.filter(table=table, key=key).order_by("id"):
        row |= {"read_id": record.read_id} | (record.before or {}) | (record.after or {})
    return row
