"""Every URL of the site, from its URL configuration, with an address that leads somewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# Taken together by path: allauth knows some pages by another name than the site does.
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
_REGULAR = {r"^(?P<app_label>auth|sign_in|grading)/$": "<app_label>/", r"(?P<url>.*)$": "<url>"}


@dataclass(frozen=True)
class Route:
    name: str  # with its namespace; what has no name goes by its pattern
    pattern: str

    def path(self, arguments: dict[str, str]) -> str:
        """Its address. KeyError for an argument that nobody thought of: add it to the stage."""
        return "/" + _CONVERTER.sub(lambda found: arguments[found[1]], self.pattern)


def routes() -> list[Route]:
    found: dict[str, Route] = {}
    for route in _walk(get_resolver(), "", ""):
        found.setdefault(route.pattern, route)
    return list(found.values())


def _walk(resolver: URLResolver, before: str, namespace: str) -> Iterator[Route]:
    for each in resolver.url_patterns:
        own = str(each.pattern)
        pattern = before + _REGULAR.get(own, own)
        if isinstance(each, URLPattern):
            yield Route(f"{namespace}{each.name}" if each.name else pattern, pattern)
        else:
            yield from _walk(each, pattern, f"{each.namespace}:" if each.namespace else namespace)
