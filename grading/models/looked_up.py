"""What is looked up once, before a statement asks anything else."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, Func, QuerySet


class IsAnyOf(Func):
    """Say whether a column holds the key of any of some few rows, which PostgreSQL finds first.

    Where it takes a table for empty that was just filled, it may join it by IN so that each row is compared with each.
    """

    template, arg_joiner = "(%(expressions)s))", " = ANY("
    output_field = BooleanField()

    def __init__(self, column: str, rows: QuerySet, **extra: Any):
        super().__init__(column, ArraySubquery(rows.order_by().values("pk")), **extra)
