"""Acts of every kind, drawn at random, in two windows of one case, with a connection and without.

Afterwards page, database and export say one thing. Where each window looks at what is stored before it goes on, undoing
everything in both gives the empty case; where it does not, it is asked which of two entries holds, and two windows may
enter one value unseen, which counts as an act of both (tests/js/history.test.mjs has the rest). 300 acts with
THIGHSITE_FULL=1, else a few.
"""

import csv
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Page, expect

from grading.anatomy import MUSCLE_CODES
from tests.browser.browser_windows import OUTAGES, PATIENCE_MS, windows
from tests.browser.keyboard import beside, open_case, press
from tests.browser.studies import described, make_reading_study

pytestmark = pytest.mark.browser

ACTS = 300 if os.environ.get("THIGHSITE_FULL") == "1" else 30
SEED = 13
EMPTY = ({}, ("edema", "STIR", "", False))

# Not wait_for_function: the page's policy refuses what that evaluates. No animation frame: a window behind has none.
# Never until one window has settled: the other may be the one that asks, of an entry that both see waiting.
UNSETTLED = """async () => {
  await new Promise((next) => setTimeout(next, 20));
  const waits = Object.keys(localStorage).some((name) => name.startsWith("thighsite.outbox."));
  return waits || document.querySelector("[data-conflict]").open;
}"""
# What static/grading/page.js fetches with the first press.
NEEDED_LATER = ["asking", "sign-in-dialog", "sign-off", "sign-out", "conflict", "whole-case", "session"]
AWAIT_FETCHED = """async ([modules, patience]) => {
  const fetched = () => performance.getEntriesByType("resource").map(({ name }) => name);
  const missing = () => modules.filter((module) => !fetched().some((name) => name.includes(`/${module}.`)));
  const start = Date.now();
  while (missing().length && Date.now() - start < patience) await new Promise((next) => setTimeout(next, 10));
  return missing();
}"""
DONE = "() => JSON.stringify(JSON.parse(sessionStorage.getItem('thighsite.case-in-hand'))?.acts.done ?? [])"
SHOWN = """() => [
  Object.fromEntries(
    [...document.querySelectorAll("[data-cell] input:checked")].map(({ name, value }) => [name, value])),
  document.querySelector("[name=feature]:checked").value,
  document.querySelector("[name=sequence]:checked").value,
  document.querySelector("[name=comment]").value,
]"""


class Hand:
    """A reader at two windows of one case, who does what is drawn."""

    def __init__(self, page: Page, draw: Random, *, looks: bool):
        self.pages = [page, beside(page)]
        self.page, self.draw, self.looks = page, draw, looks
        self.is_online = True
        for each in self.pages:
            self._ready(each)

    def act(self) -> None:
        acts: dict[Callable[[], None], int] = {
            self.key: 10, self.mouse: 8, self.rest: 1, self.undo: 6, self.redo: 4, self.describe: 3, self.comment: 2,
            self.reload: 2, self.turn: 2, self.unplug: 2,
        }  # fmt: skip
        (act,) = self.draw.choices(list(acts), list(acts.values()))
        act()
        if self.is_online:
            self.settle()

    def key(self) -> None:
        self._cell().locator("input").first.focus()
        press(self.page, self.draw.choice("0123x"))

    def mouse(self) -> None:
        self._cell().locator("input").nth(self.draw.randrange(5)).click()

    def rest(self) -> None:
        self._cell().locator("input").first.focus()
        press(self.page, ".")

    def undo(self) -> None:
        self._back_or_forth("Undo", ["u"], ["Control+z"])

    def redo(self) -> None:
        self._back_or_forth("Redo", ["r"], ["Control+Shift+Z"])

    def describe(self) -> None:
        self._cell().locator("input").first.focus()
        press(self.page, self.draw.choice("efs"))
        if self.page.get_by_role("alertdialog").is_visible():
            press(self.page, [self.draw.choice(["Enter", "Escape"])])
        if self.page.get_by_label("Unusual pairing").is_visible() and self.draw.random() < 0.5:
            self.page.get_by_label("Unusual pairing").check()

    def comment(self) -> None:
        self.page.get_by_label("Comment", exact=True).fill(self.draw.choice(["motion", "metal  ", "", "a\nb"]))
        press(self.page, ["Tab"])

    def reload(self) -> None:
        if self.is_online:
            self.page.reload()
            self._ready(self.page)

    def turn(self) -> None:
        if self.is_online or not self.looks:
            self.page = self.pages[self.page is self.pages[0]]
        if self.looks:
            self.reload()

    def unplug(self) -> None:
        self.is_online = not self.is_online
        self.page.context.set_offline(not self.is_online)

    def settle(self) -> None:
        """Until all is stored, answering what is asked."""
        if not self.is_online:
            self.unplug()
        while any(page.evaluate(UNSETTLED) for page in self.pages):
            for page in self.pages:
                question = page.get_by_role("dialog", name="Entered differently elsewhere")
                if question.is_visible():
                    question.get_by_role("button").nth(self.draw.randrange(2)).click()

    def undo_everything(self) -> None:
        """In both windows in turn, as one may have gone on from what the other did."""
        before = None
        while before != (before := [page.evaluate(DONE) for page in self.pages]):
            for page in self.pages:
                self.page = page
                self.reload()
                self._cell().locator("input").first.focus()
                done = None
                while done != (done := self.page.evaluate(DONE)):
                    press(self.page, "u")
                self.settle()

    def shown(self) -> tuple:
        self.reload()
        grades, *description = self.page.evaluate(SHOWN)
        return grades, tuple(description)

    def _ready(self, page: Page) -> None:
        """What is fetched with the first press is there."""
        expect(page.locator("[data-cell] input:focus, [data-sign-off]:focus")).to_have_count(1)
        press(page, ["ArrowDown"])
        assert page.evaluate(AWAIT_FETCHED, [NEEDED_LATER, PATIENCE_MS]) == []

    def _cell(self):
        return self.page.locator(f'[data-cell="{self.draw.choice(MUSCLE_CODES)}"]')

    def _back_or_forth(self, button: str, *keys: list[str]) -> None:
        way = self.draw.choice([*keys, None])
        if way is None:
            return self.page.get_by_role("button", name=button).click()
        self._cell().locator("input").first.focus()
        return press(self.page, way)


def exported(study) -> tuple:
    """What the export says of the case: grades by muscle, feature and sequence, comment."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "grades.csv")
        study.site.manage(["export_grades", "--study", study.slug, "--layout", "long", "--output", str(file)])
        with file.open(newline="") as lines:
            rows = list(csv.DictReader(lines))
    grades = {row["muscle"]: "na" if row["not_assessable"] == "true" else row["score"] for row in rows}
    return grades, {(row["feature"], row["sequence"]) for row in rows}


def faults_of_reads(study) -> list[str]:
    """What `verify` says of the study’s reads, not of accounts: other tests share the site."""
    try:
        study.site.manage(["verify", "--study", study.slug])
    except AssertionError as refused:
        return [line for line in str(refused).splitlines() if f", {study.reader}, " in line]
    return []


@pytest.mark.parametrize("looks", [True, False])
def test_page_database_and_export_say_one_thing_and_all_of_it_can_be_undone(browser, site, looks):
    study = make_reading_study(site, cases=1)
    with windows(browser, site.url, forgiven=(*OUTAGES, "ERR_INTERNET_DISCONNECTED", "409 (")) as visit:
        hand = Hand(open_case(visit(study.reader, study.worklist)), Random(SEED), looks=looks)
        for _ in range(ACTS):
            hand.act()
        hand.settle()

        assert faults_of_reads(study) == []
        stored = {muscle: "na" if grade == "x" else grade for muscle, _, grade in study.grades()}
        feature, sequence, comment, _ = described(study)
        assert hand.shown() == (stored, (feature, sequence, comment))
        assert exported(study) == (stored, {(feature, sequence)} if stored else set())

        hand.undo_everything()
        assert faults_of_reads(study) == []
        stored = {muscle: "na" if grade == "x" else grade for muscle, _, grade in study.grades()}
        assert hand.shown() == (stored, described(study)[:3])
        if looks:
            assert (stored, described(study)) == EMPTY
