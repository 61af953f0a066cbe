"""What waits in the browser outlives it, and belongs to who entered it."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from playwright.sync_api import expect

from grading.demo.load import READERS
from tests.browser.browser_windows import OUTAGES, PATIENCE_MS, patient, windows
from tests.browser.keyboard import ALL, COPIES, open_case, press, saved, sign_in
from tests.browser.studies import grades_of, make_reading_study

pytestmark = pytest.mark.browser

KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('thighsite.outbox'))"
ENTRIES = """
    SELECT count(*) FROM grading_entry JOIN grading_read ON grading_read.id = read_id
    JOIN grading_study ON grading_study.id = grading_read.study_id WHERE slug = %s
"""


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


def kill_browser(profile: Path) -> None:
    """``kill -9`` of the browser that keeps this profile, and of all its processes."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    processes = [line.split()[0] for line in listing.splitlines() if f"--user-data-dir={profile}" in line]
    for process in processes:
        os.kill(int(process), signal.SIGKILL)
    while not all(map(is_over, processes)):  # until then it holds the locks on its files
        time.sleep(0.02)  # between two looks at the condition awaited here
    # A Chromium without windows asks nobody whether it is stale; one that never has windows makes none.
    (profile / "SingletonLock").unlink(missing_ok=True)


def is_over(process: str) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", process], capture_output=True, text=True, check=False).stdout
    return not state or state.startswith("Z")


def test_crashed_browser_sends_what_waited_when_it_is_opened_again(browser, chromium, site, study, tmp_path):
    options = {
        "executable_path": chromium,
        "base_url": site.url,
        "timeout": PATIENCE_MS,
        "args": ["--no-sandbox"] if os.geteuid() == 0 else [],
    }
    profile = tmp_path / "profile"
    crashed = patient(browser.browser_type.launch_persistent_context(str(profile), **options))
    page = crashed.pages[0]
    page.goto(study.worklist)
    sign_in(page, study.reader)
    open_case(page)
    url = page.url
    cookies = crashed.cookies()
    crashed.set_offline(True)
    press(page, "12x")
    expect(page.get_by_text("No connection.")).to_be_visible()
    page.wait_for_function(f"async () => await ({COPIES})() === 3")  # what a crash may not take: what is on the disk

    kill_browser(profile)
    again = patient(browser.browser_type.launch_persistent_context(str(profile), **options))
    again.add_cookies(cookies)
    page = again.pages[0]
    page.goto(url)

    expect(page.get_by_text("All saved")).to_be_visible()
    again.close()
    assert grades_of(study, ALL) == "12x--------"
    assert site.rows(ENTRIES, study.slug) == [(3,)]


def test_what_waits_at_sign_out_is_sent_for_nobody_else_and_is_gone_once_sent(browser, site, study):
    with windows(browser, site.url, forgiven=(*OUTAGES, "ERR_INTERNET_DISCONNECTED", "ERR_FAILED")) as visit:
        page = visit(study.reader, study.worklist)
        open_case(page)
        page.route("**/grades/", lambda route: route.abort())
        press(page, "31")
        expect(page.get_by_text("No connection.")).to_be_visible()
        page.on("dialog", lambda dialog: dialog.accept())
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
        page.unroute("**/grades/")
        sign_in(page, READERS[1])
        page.goto("/studies/demo/reads/")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(page.evaluate(KEPT)) == 2
        assert site.rows(ENTRIES, study.slug) == [(0,)]

        page.get_by_role("button", name="Sign out").click()
        sign_in(page, study.reader)
        page.goto(study.worklist)
        expect(page.get_by_text("What you entered on an earlier visit is saved.")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="Sign in")).to_be_visible()

        assert page.evaluate(KEPT) == []
        assert page.evaluate(COPIES) == 0
    assert grades_of(study, "VL VM") == "31"
    assert site.rows(ENTRIES, study.slug) == [(2,)]


def test_sign_off_that_was_to_follow_is_called_off_by_going_back(browser, site, study):
    with windows(browser, site.url, forgiven=("ERR_FAILED",)) as visit:
        page = open_case(visit(study.reader, study.worklist))
        page.route("**/grades/", lambda route: route.abort())
        press(page, ".")
        expect(page.get_by_text("11 to send: kept in this browser")).to_be_visible()
        press(page, ["Enter", "ArrowUp"])

        page.unroute("**/grades/")
        saved(page)

        expect(page.get_by_role("dialog")).to_have_count(0)
        press(page, ["Enter", "Enter"])
        expect(page.get_by_role("dialog", name="Sign off case")).to_be_visible()
