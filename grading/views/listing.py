"""A long list in pages, as an address asks for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from grading.models import Study

PAGE, BEFORE, AFTER = "page", "before", "after"


def page_of(request: HttpRequest, rows: QuerySet | Sequence, per_page: int) -> Page:
    """Get the page of a list that the address asks for: the first for what is no number, the last for one too high."""
    return Paginator(rows, per_page).get_page(request.GET.get(PAGE))


@dataclass(frozen=True)
class Part:
    """Some rows of a long list; ``before`` and ``after`` are the ids at which others go on, None at its ends."""

    rows: list
    before: UUID | None
    after: UUID | None


def part_of(request: HttpRequest, rows: QuerySet, order: tuple[str, ...], *, study: Study, per_page: int) -> Part:
    """Get the rows after, or before, the one whose id the address has; the first ones where it has none of the study's.

    No row is counted or passed over, so that a part costs the same wherever it is. The rows are sorted by ``order``.
    """
    every, (at, is_backwards) = rows, _place(request, rows, order, study)
    if at:
        rows = rows.filter(_beyond(order, at[1:], "lt" if is_backwards else "gt"))
    found = list((rows.reverse() if is_backwards else rows)[: per_page + 1])
    if is_backwards and not found:  # what stood before is gone: from the start, or the row itself would be passed over
        at, is_backwards, found = None, False, list(every[: per_page + 1])
    has_more, found = len(found) > per_page, found[:per_page]
    found = found[::-1] if is_backwards else found
    has_before, has_after = (has_more, True) if is_backwards else (bool(at), has_more)
    ends = [row.pk for row in (found[:1] + found[-1:])] or [at[0] if at else None] * 2
    return Part(found, ends[0] if has_before else None, ends[1] if has_after else None)


def _place(request: HttpRequest, rows: QuerySet, order: tuple[str, ...], study: Study) -> tuple[tuple | None, bool]:
    """Fetch the id and place in the order of the row at which an address goes on, and whether it goes backwards."""
    is_backwards = BEFORE in request.GET
    try:
        pk = UUID(request.GET.get(BEFORE if is_backwards else AFTER, ""))
    except ValueError:
        return None, False
    at = rows.model._default_manager.filter(study=study, pk=pk).order_by().values_list("pk", *order).first()
    return at, bool(at) and is_backwards


def _beyond(order: tuple[str, ...], values: Sequence[Any], how: str) -> Q:
    """Choose what comes after ("gt") or before ("lt") a place in an order of several columns.

    The first column is asked on its own, too, which is what an index can go by.
    """
    beyond, so_far = Q(), Q()
    for name, value in zip(order, values, strict=True):
        beyond |= so_far & Q(**{f"{name}__{how}": value})
        so_far &= Q(**{name: value})
    return Q(**{f"{order[0]}__{how}e": values[0]}) & beyond


def chosen_of(request: HttpRequest, *, place: str = PAGE) -> str:
    """Write what the address chooses of a list as the query of another address, without the ``place`` in the list."""
    chosen = request.GET.copy()
    chosen.pop(place, None)
    return chosen.urlencode()
