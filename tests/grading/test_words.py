"""Words that are explained where they first stand on a page, by one mechanism, in the glossary's words."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse

from grading import services
from grading.words import WORDS
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_unblinded,
    make_user,
)
from tests.docs.pages import table_below

PAGES = {
    "coordinator": ["data", "reads", "take-back-reads", "participants", "members", "trail", "lock-study"],
    "investigator": ["comparison", "agreement"],
}
# As people write them; "read" as a verb, and inside other words, is none.
WRITTEN = {
    "read": r"(?<!-)\breads\b", "slug": r"\bslug\b", "draft": r"\bdrafts?\b", "signed off": r"\bsigned off\b",
    "occasion": r"\boccasions?\b",
    "re-read": r"\bre-reads?\b", "wash-out": r"\bwash-out\b", "trail": r"\btrail\b", "seal": r"\bseals?\b",
}  # fmt: skip
VOID = {"input", "br", "hr", "img", "link", "meta", "source", "wbr", "col"}
NOT_READ_IN_ORDER = {"option", "label", "summary", "button", "script", "a"}  # names of controls cannot hold another one


class Main(HTMLParser):
    """The text of a page's main part, with a mark where a word is explained."""

    def __init__(self, text: str):
        super().__init__()
        self.text, self.explained = "", []
        self._open: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag not in VOID:
            self._open.append((tag, given.get("class", "")))
        if "popovertarget" in given:
            self.explained.append((len(self.text), given["popovertarget"].removeprefix("word-")))

    def handle_endtag(self, tag):
        while any(opened == tag for opened, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        tags = {tag for tag, _ in self._open}
        classes = " ".join(found for _, found in self._open).split()
        if "main" not in tags or "visually-hidden" in classes or "meaning" in classes:
            return
        self.text += data if "word" in classes or not tags & NOT_READ_IN_ORDER else " " * len(data)


@pytest.fixture
def study():
    study = make_study()
    coordinator = make_unblinded(make_member(study, "coordinator", make_user("coordinator"))).user
    make_unblinded(make_member(study, "investigator", make_user("investigator")))
    reader = make_member(study, "reader", make_user("reader")).user
    for group in ("IMNM", "DM"):
        make_signed_off_read(mri=make_mri(make_participant(study, group=group)), reader=reader)
    make_read(study=study, reader=reader, scores=[1])
    make_read(study=study, reader=reader)
    services.assign_rereads(study=study, readers=[reader], share=1, seed=1)
    services.reopen(read=study.reads.filter(status="signed_off").first(), by=coordinator, reason="a slip")
    return study


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "name"), [(role, name) for role, names in PAGES.items() for name in names])
def test_word_is_explained_where_it_first_stands(client, study, role, name):
    client.force_login(get_user_model().objects.get(username=role))

    main = Main(client.get(reverse(name, args=[study.slug])).content.decode())

    explained = {word: place for place, word in reversed(main.explained)}
    for word, pattern in WRITTEN.items():
        if first := re.search(pattern, main.text, re.IGNORECASE):
            place = explained.get(word.replace(" ", "-"))
            around = main.text[max(0, first.start() - 60) : first.end() + 20]
            assert place is not None, (word, around)
            assert place <= first.start(), (word, around)
    assert len(main.explained) == len(set(main.explained)) == len({word for _, word in main.explained})


@pytest.mark.django_db
def test_readers_are_told_on_their_list(client, study):
    client.force_login(get_user_model().objects.get(username="reader"))

    page = client.get(reverse("worklist", args=[study.pk])).content.decode()

    assert 'popovertarget="word-signed-off"' in page
    assert 'popovertarget="word-draft"' in page


def test_words_mean_what_the_glossary_says():
    rows = dict(table_below(Path(settings.BASE_DIR, "docs", "glossary.md"), "Glossary"))
    plain = {word.strip("*"): re.sub(r"[*`]", "", means) for word, means in rows.items()}

    assert {word: plain.get(word) for word in WORDS} == WORDS
