"""Rows by the codes that people know them by, also where a row is gone and only the trail tells of it."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import Model

from grading.models import MRI, DiagnosisGroup, Member, Participant, Read, Reopening, Study

Row = dict[str, Any]


class RowNames:
    """Names rows, each looked up once."""

    def __init__(self) -> None:
        self._stored: dict[tuple[type[Model], str], Row] = {}

    def of(self, table: str, key: str, row: Row | None = None) -> str:
        """Name a row by its table and key; ``row`` is what it held, for one that is not there any more."""
        model = _model(table)
        if model is None:
            return f"{table} {key}"
        row = row or self._row(model, key)
        if not row:
            return f"{model._meta.verbose_name} {key}"
        return self._named(model, key, row)

    def of_read(self, key: UUID | str, row: Row | None = None) -> str:
        return self.of(Read._meta.db_table, str(key), row)

    def _named(self, model: type[Model], key: str, row: Row) -> str:
        if model is Read:
            return self._read(row)
        if model is Reopening:
            return f"reopening of {self.of_read(row['read_id'])}"
        if model is MRI:
            return f"MRI {row['code']} of participant {self._code(Participant, row['participant_id'])}"
        if model in (Participant, DiagnosisGroup):
            return f"{model._meta.verbose_name} {row['code']}"
        if model is Member:
            return f"member {self._person(row['user_id'])}"
        if model is Study:
            return f"study {row['slug']}"
        if model is get_user_model():
            return f"account {row['username']}"
        return f"{model._meta.verbose_name} {key}"

    def _read(self, row: Row) -> str:
        mri = self._row(MRI, row["mri_id"])
        participant = self._code(Participant, mri["participant_id"]) if mri else "a participant who is gone"
        occasion = f", occasion {row['occasion']}" if row["occasion"] > 1 else ""
        code = mri["code"] if mri else f"MRI {row['mri_id']}"
        return f"{participant}, {code}, {self._person(row['reader_id'])}, {row['feature']}{occasion}"

    def _code(self, model: type[Model], key: Any) -> str:
        return str(self._row(model, key).get("code", key))

    def _person(self, key: Any) -> str:
        return str(self._row(get_user_model(), key).get("username", f"account {key}"))

    def _row(self, model: type[Model], key: Any) -> Row:
        """Fetch what is stored of a row; nothing where it is gone."""
        place = (model, str(key))
        if place not in self._stored:
            self._stored[place] = model._default_manager.filter(pk=key).values().first() or {}
        return self._stored[place]


def _model(table: str) -> type[Model] | None:
    return next((model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table), None)
