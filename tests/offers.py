"""Everything that the pages of a role offer: links that are followed, and forms that are filled in and sent."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

VOID = {"input", "br", "hr", "img", "link", "meta", "source", "wbr", "col"}
UNSEEN = {"script", "style", "template", "title"}
LONGEST = 300  # pages
ALIKE = 3  # of one path, asked for by the same parameters with other values: a fourth says nothing new; one of a file


@dataclass
class Form:
    """A form as a browser sends it, with something typed into each field that is empty."""

    action: str
    method: str
    fields: dict = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def sent(self) -> Iterator[dict]:
        """List what is sent: once for each button that sends it, so nothing where none does."""
        for name, value in self.buttons:
            yield self.fields | ({name: value} if name else {})


class Page(HTMLParser):
    """The links, forms and texts of a page."""

    def __init__(self, text: str):
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self._form: Form | None = None
        self._select: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag not in VOID:
            self._open.append(f"{tag} disabled" if tag == "fieldset" and "disabled" in given else tag)
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._form)
        elif self._form is not None and "disabled" not in given and "fieldset disabled" not in self._open:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "submit" if tag == "button" else "text")
        if kind == "submit":
            self._form.buttons += [(name, given.get("value", ""))]
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and (given.get("value") or self._select not in self._form.fields):
            if "selected" in given or not self._form.fields.get(self._select):
                self._form.fields[self._select] = given.get("value", "")
        elif tag in ("input", "textarea") and name:
            self._form.fields[name] = _typed(kind, given)

    def handle_endtag(self, tag):
        while any(opened.split()[0] == tag for opened in self._open) and self._open.pop().split()[0] != tag:
            pass
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = None

    def handle_data(self, data):
        if data.strip() and not UNSEEN.intersection(self._open):
            self.texts.append(" ".join(data.split()))


def _typed(kind: str, given: dict[str, str]):
    if kind == "file":
        return SimpleUploadedFile("file.csv", b"participant,group,mri\nP-new,IMNM,M-new\n")
    if kind in ("checkbox", "radio"):
        return given.get("value") or "on"
    return given.get("value") or ("1" if kind == "number" else "x")


@dataclass(frozen=True)
class Answer:
    """What came of something that was offered: where it was, its address, the status, and the texts that came."""

    page: str
    action: str
    status: int
    texts: tuple[str, ...]


class Visitor:
    """Somebody who follows every link and sends every form; what a form changed is taken back at once."""

    def __init__(self, user, *, within: str):
        self.client = Client()
        self.client.force_login(user)
        self._within = re.compile(within)
        self.pages: dict[str, Page] = {}
        self._alike: Counter = Counter()
        self._files: set[str] = set()

    def visit(self, *starts: str) -> list[Answer]:
        """Visit all pages that can be reached; return what came of each, and of each form on it."""
        answers: list[Answer] = []
        waiting, seen = deque(starts), set(starts)
        while waiting and len(self.pages) < LONGEST:
            path = waiting.popleft()
            if urlsplit(path).path in self._files:
                continue
            response = self.client.get(path, follow=True, headers={"accept": "text/html"})
            if not response.headers["Content-Type"].startswith("text/html"):
                self._files.add(urlsplit(path).path)
                continue
            page = self.pages[path] = Page(response.content.decode())
            answers.append(Answer(path, path, response.status_code, tuple(page.texts)))
            answers += [
                self._send(path, form, data) for form in page.forms for data in form.sent() if self._is(path, form)
            ]
            for link in page.links:
                target = urljoin(path, link).partition("#")[0]
                if target not in seen and self._is_new(target):
                    waiting.append(target)
                seen.add(target)
        return answers

    def _is_new(self, target: str) -> bool:
        """Whether it is of the site, within bounds, and not one of many that are alike."""
        asked = urlsplit(target)
        kind = asked.path, frozenset(parse_qs(asked.query, keep_blank_values=True))
        self._alike[kind] += 1
        return asked.netloc == "" and bool(self._within.match(target)) and self._alike[kind] <= ALIKE

    def _is(self, path: str, form: Form) -> bool:
        return form.method == "POST" and bool(self._within.match(urljoin(path, form.action)))

    def _send(self, path: str, form: Form, data: dict) -> Answer:
        action = urljoin(path, form.action)
        try:
            with transaction.atomic():
                response = self.client.post(action, data, headers={"accept": "text/html"})
                transaction.set_rollback(True)
        except DatabaseError as error:  # what the views did not see coming
            return Answer(path, action, 500, (str(error),))
        is_page = response.headers.get("Content-Type", "").startswith("text/html") and response.content
        return Answer(
            path, action, response.status_code, tuple(Page(response.content.decode()).texts) if is_page else ()
        )
