"""Statements that Django writes once: for what each request asks, to write them takes longer than the answer."""

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import Any

from django.db.models import QuerySet


class Statement:
    """SQL of a query that is the same but for some values."""

    def __init__(self, make: Callable[..., QuerySet], *stand_ins: Hashable) -> None:
        """Note how the query is made of its values, and stand-ins for them: each equal to no other parameter."""
        self._make, self._stand_ins = make, stand_ins

    def asked_with(self, *values: Any) -> tuple[str, list[Any]]:
        """Give SQL and parameters, as cursors and ``raw`` take them."""
        sql, parameters = self._written
        given = dict(zip(self._stand_ins, values, strict=True))
        return sql, [given.get(parameter, parameter) for parameter in parameters]

    @cached_property
    def _written(self) -> tuple[str, tuple]:
        sql, parameters = self._make(*self._stand_ins).query.sql_with_params()
        if lost := [each for each in self._stand_ins if each not in parameters]:
            raise ValueError(f"{lost} stand in for values, and are no parameters of: {sql}")
        return sql, parameters
