"""A long list in pages, as an address asks for it."""

from collections.abc import Sequence

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PAGE = "page"


def page_of(request: HttpRequest, rows: QuerySet | Sequence, per_page: int) -> Page:
    """Get the page of a list that the address asks for: the first for what is no number, the last for one too high."""
    return Paginator(rows, per_page).get_page(request.GET.get(PAGE))


def chosen_of(request: HttpRequest, *, place: str = PAGE) -> str:
    """Write what the address chooses of a list as the query of another address, without the ``place`` in the list."""
    chosen = request.GET.copy()
    chosen.pop(place, None)
    return chosen.urlencode()
