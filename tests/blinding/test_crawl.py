"""No reader, whatever they try, receives a secret of their study."""

import logging

import pytest
from django.conf import settings

from grading.roles import BLIND_ROLES
from tests.blinding.crawler import IS_FULL, Crawler
from tests.blinding.marked_study import OTHER_GRADES, make_marked_study
from tests.blinding.planted_leaks import LEAKS
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

CRAWLED = {"reader", "adjudicator"}
READERS = ["signed-off reads", "re-reads", "former member", "reader here, coordinator there", "open reads"]


marked = made_once(make_marked_study)


@pytest.fixture(autouse=True)
def quiet(caplog):
    """Thousands of refusals, each with its traceback, take longer to write down than to make."""
    caplog.set_level(logging.CRITICAL, "django.request")


def test_every_blind_role_is_crawled():
    assert {*BLIND_ROLES} == CRAWLED


def crawler_of(marked, name) -> Crawler:
    user = marked.readers[name]
    return Crawler(user, secrets=marked.secrets_from(user), grades=OTHER_GRADES, values=marked.values_for(user))


@pytest.mark.parametrize("name", READERS if IS_FULL else READERS[-1:])  # a crawl takes half a minute
def test_reader_receives_no_secret(marked, name):
    crawler = crawler_of(marked, name)

    assert crawler.crawl() == set()
    assert crawler.broken == set()
    assert crawler.statuses >= {200, 302, 404, 405}


def test_adjudicator_receives_no_secret(marked):
    """Neither groups, nor who graded what; grades alone, under letters."""
    user = marked.study.members.get(role="adjudicator").user
    secrets, values = marked.secrets_from_adjudicator(), marked.values_for(user)
    crawler = Crawler(user, secrets=secrets, grades=OTHER_GRADES, values=values)
    start = "/" if IS_FULL else "/adjudication/"  # links lead on from there

    assert crawler.crawl(below=start) == set()
    assert crawler.broken == set()
    assert any("/adjudication/cases/" in path for path in crawler.visited)
    assert crawler.statuses >= {200, 404, 405}


def test_reader_receives_no_secret_from_a_site_that_debugs(marked, settings):
    settings.DEBUG = True
    crawler = crawler_of(marked, "open reads")

    assert crawler.crawl(below="/reads/") == set()
    assert crawler.crawl(below="/reading/") == set()
    assert crawler.broken == set()


def test_static_files_hold_no_secret(marked):
    files = [
        path for path in settings.STATIC_ROOT.rglob("*") if path.suffix in (".css", ".js", ".svg", ".json", ".html")
    ]
    values = [value for value in marked.secrets.values() if not value.isdigit()]

    assert files
    assert [path for path in files if any(value in path.read_text(errors="replace") for value in values)] == []


def test_crawler_finds_every_planted_leak(marked, settings):
    settings.ROOT_URLCONF = "tests.blinding.planted_leaks"
    crawler = crawler_of(marked, "open reads")

    found = crawler.crawl(below="/planted/")

    assert {leak.path.split("/")[2] for leak in found if leak.path.startswith("/planted/")} == {
        *LEAKS,
        "at-one-address",
    }
