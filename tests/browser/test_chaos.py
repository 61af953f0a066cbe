"""Hundreds of grades are entered while the server is killed again and again: each is in the database exactly once.

500 grades and 24 kills with THIGHSITE_FULL=1, else a few. Kills are drawn by number of presses, not by time: one
meets whatever the server does just then, the next may meet a full outbox or an idle reader.
"""

import os
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

import pytest
from playwright.sync_api import Page, Request, Response, expect

from grading.anatomy import MUSCLE_CODES
from tests.browser.browser_windows import PATIENCE_MS
from tests.browser.servers import Server
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

GRADES, KILLS, CASES = (500, 24, 5) if os.environ.get("THIGHSITE_FULL") == "1" else (60, 5, 2)
LONGEST_OUTAGE = 8  # presses
SEED = 20_04

# Not wait_for_function: the page's policy refuses what that evaluates.
AWAIT_AT_MOST = """async ([most, patience]) => {
  const waiting = () => Object.keys(localStorage).filter((name) => name.startsWith("thighsite.outbox.")).length;
  const start = Date.now();
  while (waiting() > most && Date.now() - start < patience) await new Promise((next) => setTimeout(next, 20));
  return waiting();
}"""
NOTE_WHAT_READS_SAVED = """
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const cell = target.closest?.("[data-cell]");
    if (cell && target.dataset.stateOf && target.textContent === "✓ saved")
      window.sawSaved(location.pathname, cell.dataset.muscle, cell.querySelector("input:checked").value);
  }
}).observe(document, { subtree: true, childList: true });
"""
READS = """
    SELECT grading_read.id::text FROM grading_read JOIN grading_study ON grading_study.id = grading_read.study_id
    WHERE slug = %s ORDER BY position
"""
ENTRIES = """
    SELECT read_id::text, muscle, coalesce(score::text, 'na'), grading_entry.version, key::text
    FROM grading_entry JOIN grading_read ON grading_read.id = read_id
    JOIN grading_study ON grading_study.id = grading_read.study_id
    WHERE slug = %s ORDER BY grading_entry.id
"""
STORED = """
    SELECT read_id::text, muscle, coalesce(score::text, 'na') FROM grading_grade
    JOIN grading_read ON grading_read.id = read_id
    JOIN grading_study ON grading_study.id = grading_read.study_id WHERE slug = %s
"""


@dataclass
class Chaos:
    """A server that dies at drawn presses, and comes back some presses later."""

    server: Server
    draw: Random
    kills: int = 0
    _back_at: int | None = None

    def __post_init__(self):
        self._moments = set(self.draw.sample(range(1, GRADES), KILLS))

    def after_press(self, number: int) -> bool:
        """Do what is drawn for this press. Whether the server has just come back, to stay for a while."""
        if number in self._moments:
            self.rescue()
            self.server.kill()
            self.kills += 1
            self._back_at = number + self.draw.randrange(1, LONGEST_OUTAGE)
            return False
        return self._back_at == number and self.rescue()

    def rescue(self) -> bool:
        """Start the server if it is dead."""
        if self._back_at is None:
            return False
        self.server.start()
        self._back_at = None
        return True


@dataclass
class Reader:
    """Presses keys on the grading page, and remembers what was entered and what the site acknowledged."""

    page: Page
    draw: Random
    entered: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: set[str] = field(default_factory=set)  # keys of requests that were answered with 200
    cut: set[str] = field(default_factory=set)  # keys of requests that a kill cut off
    shown: set[tuple[str, str, str]] = field(default_factory=set)  # (read, muscle, grade) beside which "✓ saved" stood

    def __post_init__(self):
        self.page.expose_function("sawSaved", lambda path, *grade: self.shown.add((path.split("/")[2], *grade)))
        self.page.add_init_script(NOTE_WHAT_READS_SAVED)
        self.page.on("response", self._on_response)
        self.page.on("requestfailed", lambda request: self.cut.add(_key(request)) if _key(request) else None)

    def _on_response(self, response: Response) -> None:
        if response.status == 200 and (key := _key(response.request)):
            self.acknowledged.add(key)

    def open(self, read: str) -> None:
        self.page.goto(f"/reads/{read}/")
        expect(self.page.locator("[data-cell] input").first).to_be_focused()
        self.read, self.stop = read, 0

    def grade(self) -> None:
        """Another grade than the muscle has, then on; from the last muscle back to one that is drawn."""
        if self.stop == len(MUSCLE_CODES):
            self.stop = self.draw.randrange(len(MUSCLE_CODES))
            for _ in range(len(MUSCLE_CODES) - self.stop):
                self.page.keyboard.press("ArrowUp")
        history = self.entered[self.read, MUSCLE_CODES[self.stop]]
        choice = self.draw.choice([choice for choice in ("0", "1", "2", "3", "na") if [choice] != history[-1:]])
        self.page.keyboard.press("x" if choice == "na" else choice)
        history.append(choice)
        self.stop += 1

    def await_at_most(self, waiting: int) -> None:
        left = self.page.evaluate(AWAIT_AT_MOST, [waiting, PATIENCE_MS])
        assert left <= waiting, self.page.locator("[data-announce]").inner_text()


def _key(request: Request) -> str | None:
    return request.post_data_json["key"] if request.url.endswith("/grades/") else None


def test_no_kill_loses_or_doubles_a_grade(mortal_site, visit_mortal):
    study = make_reading_study(mortal_site, cases=CASES)
    reads = [pk for (pk,) in mortal_site.rows(READS, study.slug)]
    draw = Random(SEED)
    chaos = Chaos(mortal_site, draw)
    reader = Reader(visit_mortal(study.reader), draw)

    for number in range(GRADES):
        if number % (GRADES // CASES) == 0:
            chaos.rescue()
            reader.open(reads[number // (GRADES // CASES)])  # what still waits is sent from the next case
        reader.grade()
        if chaos.after_press(number):
            reader.await_at_most(draw.randrange(4))
    chaos.rescue()
    reader.await_at_most(0)
    expect(reader.page.get_by_text("All saved")).to_be_visible()

    entries = mortal_site.rows(ENTRIES, study.slug)
    assert chaos.kills == KILLS
    assert reader.cut, "No kill met a request: this test has shown nothing."
    assert_everything_is_there_once(reader, entries, mortal_site.rows(STORED, study.slug))


def assert_everything_is_there_once(reader: Reader, entries: list[tuple], stored: list[tuple]) -> None:
    history = defaultdict(list)
    for read, muscle, grade, _, _ in entries:
        history[read, muscle].append(grade)
    versions = Counter((read, muscle, version) for read, muscle, _, version, _ in entries)
    keys = Counter(key for *_, key in entries)

    assert reader.acknowledged - set(keys) == set()
    assert reader.shown - {entry[:3] for entry in entries} == set()
    assert len(entries) == GRADES
    assert history == reader.entered
    assert {(read, muscle): grade for read, muscle, grade in stored} == {
        cell: grades[-1] for cell, grades in reader.entered.items()
    }
    assert set(versions.values()) == set(keys.values()) == {1}
    assert all(later != earlier for grades in history.values() for earlier, later in pairwise(grades))
    print(f"{len(reader.acknowledged)} acknowledged, {len(reader.cut)} cut, {len(reader.shown)} shown")
