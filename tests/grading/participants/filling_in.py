"""Going through the pages of a correction as a coordinator's browser does: form, what will happen, done."""

from html import unescape
from html.parser import HTMLParser

from django.test import Client
from django.urls import reverse


class _Fields(HTMLParser):
    """What a page's own form would send: its inputs and selects by name, as they are filled in."""

    def __init__(self, html: str):
        super().__init__()
        self.fields, self._select, self._depth = {}, None, None
        self.feed(html[html.index("<main") :])

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "select":
            self._select = given["name"]
        elif tag == "option" and "selected" in given:
            self.fields[self._select] = given["value"]
        elif tag == "input" and "name" in given and (given.get("type") != "radio" or "checked" in given):
            self.fields[given["name"]] = given.get("value", "")


def fields_of(response) -> dict[str, str]:
    """Read what the form of a page holds."""
    return _Fields(response.content.decode()).fields


def text_of(response) -> str:
    return unescape(response.content.decode())


class Correction:
    """A correction of something by its URL's name, one step after the other."""

    def __init__(self, client: Client, name: str, thing, **query: str):
        self.client, self.path = client, reverse(name, args=[thing.study.slug, thing.pk])
        self.form = client.get(self.path, query)
        self.outlook = None

    def show(self, **values):
        """Fill in the form and ask what will happen."""
        self.outlook = self.client.post(self.path, fields_of(self.form) | {"reason": "a slip"} | values)
        return self.outlook

    def confirm(self):
        return self.client.post(self.path, fields_of(self.outlook) | {"confirmed": "yes"})


def correct(client: Client, name: str, thing, *, query: dict | None = None, **values):
    """Go through all steps. Returns what the last one answered: a redirect, where it was done."""
    correction = Correction(client, name, thing, **query or {})
    shown = correction.show(**values)
    return correction.confirm() if shown.status_code == 200 else shown
