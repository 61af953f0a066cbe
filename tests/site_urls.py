"""Every URL that the site has, from its URL configuration, so that none can be forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.urls import URLPattern, URLResolver, get_resolver

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")


@dataclass(frozen=True)
class SiteUrl:
    """A URL as the configuration writes it: /reads/<uuid:pk>/."""

    route: str
    name: str

    def paths(self, values: dict[str, list[str]]) -> Iterator[str]:
        """Its addresses with every combination of values; KeyError for an argument that has none."""
        names = [named or matched for named, matched in ARGUMENT.findall(self.route)]
        for chosen in product(*(values[name] for name in names)):
            rest = iter(chosen)
            yield ARGUMENT.sub(lambda _, rest=rest: str(next(rest)), self.route)


def site_urls() -> list[SiteUrl]:
    return list(_below(get_resolver().url_patterns, "/", ""))


def _below(patterns: list, start: str, namespace: str) -> Iterator[SiteUrl]:
    for pattern in patterns:
        route = start + str(pattern.pattern).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _below(pattern.url_patterns, route, inner)
        elif isinstance(pattern, URLPattern):
            yield SiteUrl(route, f"{namespace}{pattern.name or ''}")
