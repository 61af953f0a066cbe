"""A CSV's columns as a Table Schema (datapackage.org). Pure: no Django."""

from collections.abc import Iterable
from typing import Any

from grading.csv.columns import Column

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "whole number": {"type": "integer"},
    "number": {"type": "number"},
    "true or false": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "time": {"type": "datetime"},
}


def table_schema(columns: Iterable[Column], **keys: Any) -> dict[str, Any]:
    """Describe a table; ``keys`` are its primaryKey and foreignKeys. An empty cell is a value that there is none of."""
    return {"fields": [_field(column) for column in columns], "missingValues": [""], **keys}


def _field(column: Column) -> dict[str, Any]:
    unit = f"; in {column.unit}" if column.unit else ""
    field = {"name": column.name, **_TYPES[column.type], "description": f"{column.meaning}{unit}"}
    if column.labels:
        values = [_value(column, value) for value, _ in column.labels]
        words = [label for _, label in column.labels]
        field["constraints"] = {"enum": values}
        field["categories"] = [{"value": value, "label": label} for value, label in zip(values, words, strict=True)]
    if column.missing:
        field["missingValues"] = ["", column.missing]
    return field


def _value(column: Column, value: str) -> str | int:
    return int(value) if column.type == "whole number" else value
