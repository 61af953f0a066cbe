"""A second browser: what readers do in a case, in Firefox. Among the long tests, and only where there is one."""

import os
import shutil

import pytest

from grading.demo.load import PASSWORD
from tests.browser.marionette import Firefox, firefox, wait_for
from tests.browser.studies import grades_of, make_reading_study

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not os.environ.get("THIGHSITE_FULL"), reason="A second browser is for the long tests: --full."),
]

ALL = "VL VM VI RF BFSH BFLH SM ST ADD GR SA"
SAYS = "return document.querySelector('[data-announce]')?.textContent.includes(arguments[0])"
CHOSEN = "return [...document.querySelectorAll('[data-cell]')].map(c => c.querySelector('input:checked')?.value ?? '-')"
IN_HAND = "return document.activeElement.closest('[data-cell]')?.dataset.cell ?? document.activeElement.textContent"
IN_A_MUSCLE = "return document.activeElement?.closest('[data-cell]')"  # there is none while a page loads
FILL = "document.querySelector(arguments[0]).value = arguments[1]"


@pytest.fixture(scope="module")
def program() -> str:
    """The browser's path. Without one the tests are skipped, or under CI=true fail."""
    if path := os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox"):
        return path
    reason = "No Firefox: set FIREFOX to its path, or run python3 dev.py test --full, which provides one."
    return pytest.fail(reason) if os.environ.get("CI") == "true" else pytest.skip(reason)


@pytest.fixture(scope="module")
def window(program, site, tmp_path_factory):
    """Signed in as a reader of the demo."""
    with firefox(program, tmp_path_factory.mktemp("firefox")) as window:
        window.open(f"{site.url}/accounts/login/")
        window.run(FILL, "main input[type=text]", "reader1")
        window.run(FILL, "main input[type=password]", PASSWORD)
        window.click("main button")
        window.wait("return document.querySelector('.sign-out')")
        yield window


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


def open_case(window: Firefox, study) -> None:
    """From the worklist to the case that comes next."""
    window.open(study.site.url + study.worklist)
    window.click("a.primary")
    window.wait(IN_A_MUSCLE)


def test_a_case_is_graded_and_signed_by_keys(window, study):
    open_case(window, study)
    read = window.run("return location.href")
    window.press("2130x")
    window.hold("u", 3)
    assert window.run(IN_HAND) == "BFSH"
    window.press("x123012")
    window.wait(SAYS, "All saved")
    assert grades_of(study, ALL) == "2130x123012"
    window.open(read)
    window.wait("return document.documentElement.classList.contains('has-script')")
    assert window.run(CHOSEN) == [*"2130", "na", *"123012"]
    assert window.run(IN_HAND) == "Sign off"

    window.press(["Enter"])
    window.wait("return document.querySelector('[data-confirm]').open")
    window.press(["Enter"])
    window.wait("return location.href !== arguments[0] && document.querySelector('[data-sheet]')", read)
    window.wait(IN_A_MUSCLE)
    assert window.run(CHOSEN) == ["-"] * 11


def test_what_is_entered_without_a_connection_is_sent_later(window, study):
    open_case(window, study)
    window.run("window.there = window.fetch; window.fetch = () => Promise.reject(new TypeError('NetworkError'))")
    window.press("12")
    window.wait(SAYS, "2 to send")
    assert grades_of(study, "VL VM") == "--"
    window.run("window.fetch = window.there")
    window.wait(SAYS, "All saved")
    assert grades_of(study, "VL VM") == "12"


def test_mouse_and_space_and_held_keys(window, study):
    open_case(window, study)
    window.click('[data-cell=VL] input[value="3"]')
    window.wait(SAYS, "All saved")
    window.press(["ArrowDown", "Space"])
    window.hold("2", 5)
    window.wait(SAYS, "All saved")
    wait_for(lambda: len(study.grades()) == 2)


@pytest.mark.parametrize("sides", ["both", "left right"])
def test_nothing_lies_beside_the_screen(window, site, sides):
    open_case(window, make_reading_study(site, cases=1, sides=sides))
    too_wide = {}
    for width in (1920, 1280, 1070, 961, 768, 500):  # a window of Firefox is no narrower
        window.resize(width, 800)
        window.wait("return innerWidth === arguments[0]", width)
        if window.run("return document.documentElement.scrollWidth > innerWidth"):
            too_wide[width] = window.run("return document.documentElement.scrollWidth")
    assert too_wide == {}
