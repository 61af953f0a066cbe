"""Characters that PostgreSQL cannot store: refused in words wherever a request carries them, before any view sees them.

NUL can stand in anything that is sent. Half a character of two (a lone surrogate) can stand in JSON alone; a form that
held one arrives with U+FFFD in its place, so a form is asked about that, too.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse

from thighsite.refusals.entered import FORMS, entered
from thighsite.refusals.handlers import answer

CANNOT_BE_STORED = re.compile("[\x00\ud800-\udfff]")
ARRIVED_BROKEN = re.compile("[\x00\ud800-\udfff\ufffd]")
MAY_STAND_FOR_ONE = re.compile(r"\\u(0000|d[89a-f])", re.IGNORECASE)  # in JSON, where most such pairs are whole
DELETE_IT = "delete it, and type it anew."


class RefuseUnstorable:
    """Middleware, below the protection of forms: whatever it reads has been read by then."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        if found := first(CANNOT_BE_STORED, _in_address(request)):
            return answer(request, "400.html", in_words(found), 400)
        found = first(CANNOT_BE_STORED, _in_query(request)) or first(ARRIVED_BROKEN, _in_form(request))
        found = found or first(CANNOT_BE_STORED, _in_json(request))
        return _refuse(request, found) if found else None


def first(unwanted: re.Pattern, texts: Iterable[str]) -> str | None:
    """Find the first unwanted character in any of the texts."""
    return next((found[0] for text in texts if (found := unwanted.search(text))), None)


def in_words(character: str) -> str:
    """Say what is wrong with a character, and what would be right."""
    number = f"U+{ord(character):04X}"
    if character == "\x00":
        return f"There is a NUL character ({number}), which cannot be stored: {DELETE_IT}"
    if character == "\ufffd":
        return f"There is a character that did not arrive whole ({number}): {DELETE_IT}"
    return f"There is half a character ({number}): {DELETE_IT}"


def _refuse(request: HttpRequest, found: str) -> HttpResponse:
    """Answer 422, and offer what was entered without what cannot be stored of it."""
    sent = entered(request)
    if sent:
        fields = ((ARRIVED_BROKEN.sub("", name), ARRIVED_BROKEN.sub("", value)) for name, value in sent.fields)
        sent = replace(sent, fields=tuple(fields))
    return answer(request, "422.html", in_words(found), 422, entered=sent)


def _in_address(request: HttpRequest) -> Iterator[str]:
    yield request.path
    yield from (value for name, value in request.META.items() if name.startswith("HTTP_") and isinstance(value, str))


def _in_query(request: HttpRequest) -> Iterator[str]:
    for name, values in request.GET.lists():
        yield from (name, *values)


def _in_form(request: HttpRequest) -> Iterator[str]:
    if request.content_type not in FORMS:
        return
    for name, values in request.POST.lists():
        yield name
        for value in values:
            yield value
            yield from _in_json_text(value)


def _in_json(request: HttpRequest) -> Iterator[str]:
    if request.content_type == "application/json":
        yield from _in_json_text(request.body.decode(errors="replace"))


def _in_json_text(text: str) -> Iterator[str]:
    """Yield the texts of what may be JSON, if it may hold such a character; what is none is for the view to refuse."""
    if not MAY_STAND_FOR_ONE.search(text):
        return
    try:
        yield from _texts(json.loads(text))
    except (ValueError, RecursionError):
        return


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            yield name
            yield from _texts(each)
