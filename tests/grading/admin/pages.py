"""The pages of the site administration: their fields as a browser would send them, and what they answer."""

import html
import re
from typing import Any

from django.urls import reverse

_TAGS = re.compile(r"<(input|select|textarea)\b([^>]*)>(.*?)(?=<(?:input|select|textarea)\b|$)", re.DOTALL)
_CHOSEN = re.compile(r'<option value="([^"]*)" selected')


class Pages:
    def __init__(self, client, _reverse=reverse):
        self.client = client

    def path(self, model: str, verb: str, pk: Any = None) -> str:
        return reverse(f"admin:{model}_{verb}", args=[pk] if pk is not None else [])

    def shown(self, path: str) -> dict[str, str]:
        """The fields of a page with what they hold, as its form would send them unchanged."""
        answer = self.client.get(path)
        assert answer.status_code == 200, path
        return fields_of(answer.content.decode())

    def send(self, path: str, **changed: Any):
        """Send a page's form with some fields changed; None takes one out, as a box that is not ticked."""
        fields = (
            self.shown(path) | {"_save": "Save"} | {name.replace("__", "-"): value for name, value in changed.items()}
        )
        return self.client.post(path, {name: value for name, value in fields.items() if value is not None})

    def change(self, row: Any, **changed: Any):
        return self.send(self.path(row._meta.label_lower.replace(".", "_"), "change", row.pk), **changed)

    def delete(self, row: Any):
        path = self.path(row._meta.label_lower.replace(".", "_"), "delete", row.pk)
        return self.client.post(path, {"post": "yes"}, follow=True)


def fields_of(page: str) -> dict[str, str]:
    found = {}
    for kind, attributes, inside in _TAGS.findall(page):
        named = dict(re.findall(r'\b(name|value|type)="([^"]*)"', attributes))
        if "name" not in named or named.get("type") in ("submit", "button"):
            continue
        if named.get("type") in ("checkbox", "radio"):
            if " checked" in attributes:
                found[named["name"]] = named.get("value", "on")
        elif kind == "select":
            chosen = _CHOSEN.findall(inside)
            found[named["name"]] = html.unescape(chosen[0]) if chosen else ""
        elif kind == "textarea":
            found[named["name"]] = html.unescape(inside.partition("</textarea>")[0])
        else:
            found[named["name"]] = html.unescape(named.get("value", ""))
    return found
