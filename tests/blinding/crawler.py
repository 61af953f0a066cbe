"""Somebody who is signed in and tries everything: every URL by every method, every link, every form.

What comes back is searched for secrets: bodies, headers, cookies, addresses of redirects, error pages. What somebody
could conclude from the time that an answer takes, or from the order in which cases come, is not looked at: the order is
drawn at random for each reader.
"""

import base64
import html
import json
import os
import re
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from django.conf import settings
from django.test import Client

from grading.anatomy import MUSCLE_CODES
from grading.blind_code import PATTERN
from tests.site_urls import site_urls

METHODS = ("GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "POST")
FORMATS = ("text/html", "application/json")
WAYS = tuple((method, accept) for method in METHODS for accept in FORMATS)
REFUSING = (403, 404)
IS_FULL = bool(os.environ.get("THIGHSITE_FULL"))
BODIES = {
    "application/json": json.dumps(
        {"muscle": "VL", "side": "both", "score": 1, "feature": "edema", "sequence": "STIR"}
    ),
    "text/html": {"feature": "edema", "sequence": "STIR", "reason": "x", "VL": "1", "readers": "1", "role": "reader"}
    | {"with_page": "1"},
}
CHECKED = re.compile(r'value="(\d)"[^>]*\bchecked')
BASE64 = re.compile(r"[A-Za-z0-9_+/=-]{8,}")
# Ids and tokens: among many, one spells any short word sooner or later.
RANDOM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[A-Za-z0-9]{32,}\b", re.IGNORECASE)
BLIND_CODE = re.compile(PATTERN, re.IGNORECASE)
COUNTED = ("Content-Length", "Date", "Expires", "Last-Modified")  # numbers that may be any number
LONGEST_CRAWL = 400  # addresses that were found rather than configured


@dataclass(frozen=True)
class Leak:
    secret: str
    method: str
    path: str
    where: str


class Page(HTMLParser):
    """The addresses and forms of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.addresses: list[str] = []
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        self.addresses += [value for value in given.values() if value.startswith(("/", "?"))]
        if tag == "form":
            self.forms.append((given.get("method", "get").upper(), given.get("action", ""), {}))
        elif tag in ("input", "select", "textarea", "button") and self.forms and given.get("name"):
            chosen = given.get("type") != "radio" or "checked" in given
            self.forms[-1][2].update({given["name"]: given.get("value", "")} if chosen else {})


class Crawler:
    def __init__(self, user, *, secrets: dict[str, str], grades: Iterable[int], values: dict[str, list[str]]):
        self.user, self.values = user, values
        self.named = {value.lower(): secret for secret, value in secrets.items()}
        self.ids = {value for value in self.named if RANDOM.fullmatch(value)}
        self.words = {value for value in self.named if value.isdigit() or BLIND_CODE.fullmatch(value)}
        self.grades = tuple(grades)
        self.client = Client(raise_request_exception=False)
        self.client.force_login(user)
        self.leaks: set[Leak] = set()
        self.statuses: set[int] = set()
        self.broken: set[str] = set()
        self.visited: set[str] = set()
        self.submitted: set[tuple] = set()
        self.found: deque[str] = deque()

    def crawl(self, *, below: str = "/") -> set[Leak]:
        """Leaks that were found, beginning at the URLs below one."""
        for url in site_urls():
            if not url.route.startswith(below):
                continue
            self._try(list(url.paths(self.values)))
        self.visited |= {"/nowhere/"}
        self.found += ["/nowhere/", f"/studies/{self.values['slug'][0]}/nowhere/"]
        while self.found and len(self.visited) < LONGEST_CRAWL:
            self.ask("GET", self.found.popleft(), "text/html")
        return self.leaks

    def _try(self, paths: list[str]) -> None:
        """Ask the addresses of one URL: each in every way; in the short profile, those that refuse share the ways."""
        (read_method, read_accept), *others = WAYS
        refusing = [path for path in paths if self.ask(read_method, path, read_accept) in REFUSING]
        for path in paths:
            shared = not IS_FULL and path in refusing
            for method, accept in _share(others, refusing.index(path), len(refusing)) if shared else others:
                self.ask(method, path, accept)

    def ask(self, method: str, path: str, accept: str, body=None) -> int:
        """The status of the answer, whose secrets are noted."""
        headers = {"accept": accept}
        body = BODIES[accept] if body is None else body
        if method in ("POST", "PUT", "PATCH") and not (method == "POST" and accept == "text/html"):
            body = body if isinstance(body, str) else json.dumps(body)
            response = self.client.generic(method, path, body, "application/json", headers=headers)
        elif method == "POST":
            response = self.client.post(path, body, headers=headers)
        else:
            response = self.client.generic(method, path, headers=headers)
        self.statuses.add(response.status_code)
        if response.status_code >= 500:
            self.broken.add(f"{method} {path}")
        self._search(response, method, path, unquote(f"{path} {body}"))
        if method in ("GET", "POST") and response.headers.get("Content-Type", "").startswith("text/html"):
            self._follow(response, path)
        if settings.SESSION_COOKIE_NAME in response.cookies:  # signed out, or with a session of another kind
            self.client.force_login(self.user)
        return response.status_code

    def _follow(self, response, path: str) -> None:
        """Note where a page or a redirect leads to; try the forms once each."""
        page = Page(content(response).decode(errors="replace"))
        for address in [*page.addresses, response.headers.get("Location", "")]:
            target = urljoin(path, address)
            if address and urlsplit(target).netloc == "" and target not in self.visited:
                self.visited.add(target)
                self.found.append(target)
        for method, action, fields in page.forms:
            target = urljoin(path, action or path)
            if method == "POST" and (target, *fields) not in self.submitted:
                self.submitted.add((target, *fields))
                self.ask(method, target, "text/html", {**fields, "csrfmiddlewaretoken": "x"})

    def _search(self, response, method: str, path: str, sent: str) -> None:
        for where, text in texts(response):
            for value in self._found(text.lower()):
                if value not in sent.lower():  # what was asked for may be repeated
                    self.leaks.add(Leak(self.named[value], method, path, where))
            if self._shows_grades(text):
                self.leaks.add(Leak("grades of another", method, path, where))

    def _found(self, text: str) -> list[str]:
        """The secrets in a text of small letters. Searched for one by one: far quicker than one pattern of them all."""
        likely = [value for value in self.named if value in text]
        said = RANDOM.sub(" ", text) if likely else ""
        return [
            value
            for value in likely
            if value in self.ids
            or (re.search(rf"(?<!\w){re.escape(value)}(?!\w)", said) if value in self.words else value in said)
        ]

    def _shows_grades(self, text: str) -> bool:
        checked = tuple(map(int, CHECKED.findall(text)))
        in_a_row = re.search(r"\D{1,60}".join(map(str, self.grades)), text)
        return checked[: len(MUSCLE_CODES)] == self.grades or in_a_row is not None


def _share(ways: list[tuple[str, str]], place: int, addresses: int) -> list[tuple[str, str]]:
    """The ways in which one of so many addresses is asked: together they are asked in all."""
    turns = min(addresses, len(ways))
    return [way for number, way in enumerate(ways) if number % turns == place % turns]


def content(response) -> bytes:
    if not response.streaming:
        return response.content
    if not hasattr(response, "crawled"):
        response.crawled = b"".join(response.streaming_content)
    return response.crawled


def texts(response) -> Iterator[tuple[str, str]]:
    """Everything that a response carries, as it is and as a browser or a program would decode it."""
    plain = content(response).decode(errors="replace")
    yield "body", plain
    yield "body", html.unescape(unquote(plain))
    if "\\u" in plain:
        yield "body", re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), plain)
    headers = (f"{name}: {value}" for name, value in response.headers.items() if name not in COUNTED)
    yield "headers", unquote("\n".join(headers))
    for cookie in response.cookies.values():
        yield "cookies", unquote(cookie.value)
        yield from (("cookies", decoded) for part in BASE64.findall(cookie.value) for decoded in _decoded(part))


def _decoded(part: str) -> Iterator[str]:
    """What a part of a cookie says if it is base64, compressed or not."""
    try:
        raw = base64.urlsafe_b64decode(part.strip("=") + "=" * (-len(part.strip("=")) % 4))
    except ValueError:
        return
    yield raw.decode(errors="replace")
    try:
        yield zlib.decompress(raw).decode(errors="replace")
    except zlib.error:
        return
