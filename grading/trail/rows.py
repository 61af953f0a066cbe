"""The rows that records tell of or refer to, by the names that people know them by, also where a row is gone."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Model

from grading.models import (
    MRI,
    Covariate,
    CovariateValue,
    DiagnosisGroup,
    Member,
    Participant,
    Read,
    Stack,
    Study,
    StudySite,
    TrailRecord,
    Unblinded,
)
from grading.models.trail import possible_keys

Row = dict[str, Any]
Place = tuple[type[Model], str]  # a model and a row's key

USER = get_user_model()
# What a row of these is named by, and what leads on to rows that name it.
NAMED_BY: dict[type[Model], tuple[str, ...]] = {
    Participant: ("code",),
    MRI: ("code", "participant_id"),
    DiagnosisGroup: ("code",),
    Covariate: ("name",),
    StudySite: ("code",),
    CovariateValue: ("covariate_id", "participant_id"),
    Study: ("title",),
    USER: ("username",),
    Member: ("user_id",),
    Unblinded: ("user_id",),
    Stack: ("mri_id", "sequence"),
    Read: ("mri_id", "reader_id", "feature", "occasion", "code"),
}
LEADS_TO: dict[str, type[Model]] = {"participant_id": Participant, "user_id": USER, "mri_id": MRI, "reader_id": USER,
    "covariate_id": Covariate, "site_id": StudySite,
}  # fmt: skip


class Rows:
    """Rows by model and key. The number of queries depends on the models that are asked for, not on the rows."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._rows: dict[Place, Row] = {}
        self._names: dict[Place, str] = {}
        wanted = _by_model(places)
        while wanted:
            found = {place: row for model, keys in wanted.items() for place, row in self._fetched(model, keys).items()}
            self._rows |= found
            onward = _by_model(
                (LEADS_TO[column], str(value))
                for row in found.values()
                for column, value in row.items()
                if column in LEADS_TO and value is not None
            )
            known = self._rows.keys()
            wanted = {
                model: new for model, keys in onward.items() if (new := {k for k in keys if (model, k) not in known})
            }

    def row(self, model: type[Model], key: Any) -> Row:
        """Get what a row is named by; nothing for one of which nothing is known."""
        return self._rows.get((model, str(key)), {})

    def name(self, model: type[Model] | None, key: Any) -> str | None:
        """Name a row by its code, username or title; None where it has none, or nothing is known of it."""
        if model is None:
            return None
        row = self.row(model, key)
        told = row.get("code") or row.get("name") or row.get("username") or row.get("title")
        return str(told) if told else self._names.get((model, str(key)))

    def _fetched(self, model: type[Model], keys: set[str]) -> dict[Place, Row]:
        """Fetch rows as they are stored; those that are gone as the trail tells of them."""
        possible = possible_keys(model, keys)
        if model not in NAMED_BY:
            self._names |= {(model, str(key)): str(found) for key, found in _objects(model).in_bulk(possible).items()}
            return {}
        stored = _objects(model).filter(pk__in=possible).values("pk", *NAMED_BY[model])
        rows = {str(row.pop("pk")): row for row in stored}
        gone = keys - rows.keys()
        told = _told(model, gone) if gone else {}
        return {(model, key): rows.get(key) or told.get(key, {}) for key in keys}


def _by_model(places: Iterable[Place]) -> dict[type[Model], set[str]]:
    wanted: dict[type[Model], set[str]] = defaultdict(set)
    for model, key in places:
        wanted[model].add(str(key))
    return wanted


def _objects(model: type[Model]) -> Any:
    return model._default_manager


def _told(model: type[Model], keys: set[str]) -> dict[str, Row]:
    """Gather from the trail the last that it tells of rows that are gone."""
    rows: dict[str, Row] = defaultdict(dict)
    records = TrailRecord.objects.filter(table=model._meta.db_table)
    records = records.filter(read__in=possible_keys(Read, keys)) if model is Read else records.filter(key__in=keys)
    for key, before, after in records.order_by("id").values_list("key", "before", "after"):
        told = (before or {}) | (after or {})
        rows[key] |= {column: told[column] for column in NAMED_BY[model] if column in told}
    return rows
