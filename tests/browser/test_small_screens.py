"""Usable where there is less room: at 200 % zoom, at 400 % where WCAG asks pages to reflow, and by hand on a tablet."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import unfolded, violations
from tests.browser.browser_windows import FINGER, windows
from tests.browser.studies import grades_of, make_reading_study

pytestmark = pytest.mark.browser

ZOOMED = {"width": 640, "height": 400}  # 1280 × 800 at 200 %
REFLOWED = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %: WCAG 1.4.10
TABLETS = [{"width": 1024, "height": 768}, {"width": 768, "height": 1024}]
OFFLINE = ("ERR_INTERNET_DISCONNECTED",)
SHARP = {"device_scale_factor": 2}
PAGES = {
    "reader1": ["/", "worklist", "list", "/accounts/password/"],
    "investigator": ["/studies/demo-complete/comparison/", "/studies/demo/comparison/", "/studies/demo/text/"],
    "coordinator": [
        "/studies/demo/data/",
        "/studies/demo/data/reads/",
        "/studies/demo/data/reading-lists/",
        "/studies/demo/data/take-back/",
        "/studies/demo/members/",
        "/studies/demo/unlock/",
    ],
}

TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
# The grade buttons that something lies over, or that do not come into view.
UNREACHABLE = """radios => radios.filter((radio) => {
  radio.scrollIntoView({ block: "center" });
  const { left, top, width, height } = radio.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) !== radio;
}).map(radio => radio.name + radio.value)"""
IN_VIEW = """() => {
  const { left, top, width, height } = document.activeElement.getBoundingClientRect();
  return document.elementFromPoint(left + width / 2, top + height / 2) === document.activeElement;
}"""
# What stands over something else of the page's head or of the sheet's foot.
OVERLAID = """() => [...document.querySelectorAll(
  ".header-middle > *, .header-middle nav a, .theme-choice, .sign-out, .sheet-foot button, [data-announce]"
)].filter((element) => {
  const { left, top, width, height } = element.getBoundingClientRect();
  const seen = document.elementFromPoint(left + width / 2, top + height / 2);
  return width && seen && !element.contains(seen) && !seen.contains(element);
}).map(({ outerHTML }) => outerHTML)"""
TOO_SMALL = """targets => targets.filter(target => target.checkVisibility()).map((target) => {
  const { width, height } = (target.closest("label") ?? target).getBoundingClientRect();
  return [target.outerHTML, width, height];
}).filter(([, width, height]) => width < 24 || height < 24)"""


@pytest.fixture(scope="module")
def study(site):
    return make_reading_study(site, cases=8)


@pytest.fixture(scope="module")
def study_of_sides(site):
    return make_reading_study(site, cases=2, sides="left right")


def open_case(page: Page, place) -> Page:
    page.goto(place.first_case)
    expect(page.locator("[data-row].is-focused")).to_be_visible()
    return page


def unreachable(page: Page) -> list[str]:
    return page.locator("[data-cell] input").evaluate_all(UNREACHABLE)


def too_small(page: Page) -> list[list]:
    return page.locator("a:visible, button:visible, summary:visible, input:visible, textarea").evaluate_all(TOO_SMALL)


@pytest.mark.parametrize("username", PAGES)
def test_pages_reflow(visit, username, worklist):
    page = visit(username, **SHARP)
    found = {}
    for path in PAGES[username]:
        unfolded(page, {"worklist": worklist, "list": f"{worklist}list/"}.get(path, path))
        for size in (ZOOMED, REFLOWED):
            page.set_viewport_size(size)
            if page.evaluate(TOO_WIDE):
                found[path, size["width"]] = "too wide"
        if broken := violations(page, themes=("dark",)):
            found[path] = broken

    assert found == {}


@pytest.mark.parametrize("sides", ["together", "apart"])
def test_grading_when_zoomed(visit, study, study_of_sides, sides):
    page = visit(study.reader, **SHARP)
    open_case(page, study_of_sides if sides == "apart" else study)

    for size in (ZOOMED, REFLOWED):
        page.set_viewport_size(size)
        assert not page.evaluate(TOO_WIDE)
        assert unreachable(page) == []
        page.keyboard.press("h")
        close = page.get_by_role("dialog").get_by_role("button", name="Close")
        close.click()
        expect(close).to_be_hidden()


def test_zoomed_page_shows_what_became_of_an_entry(visit, study):
    page = visit(study.reader, **SHARP)
    page.set_viewport_size(ZOOMED)
    open_case(page, study)

    page.locator("[data-sign-off]").click()
    expect(page.get_by_text("Still to grade")).to_be_in_viewport()
    for _ in range(11):
        page.keyboard.press("1")
        expect(page.get_by_text("All saved")).to_be_in_viewport()
        assert page.evaluate(IN_VIEW)


def test_case_says_which_it_is_wherever_a_phone_has_scrolled(visit, site):
    own = make_reading_study(site, cases=1)
    page = visit(own.reader, **FINGER)
    page.set_viewport_size({"width": 390, "height": 844})
    open_case(page, own)
    code = page.locator("h1").inner_text().removeprefix("Case ")

    page.locator('[data-cell="SA"] input').first.tap()

    expect(page.locator(".sheet-foot").get_by_text(code)).to_be_in_viewport()


@pytest.mark.parametrize("size", [(390, 844), (320, 568)], ids=["phone", "small phone"])
def test_what_was_signed_and_the_way_back_stay_in_sight_on_a_phone(visit, site, size):
    own = make_reading_study(site, cases=2)
    page = visit(own.reader, **FINGER)
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    open_case(page, own)
    page.get_by_role("button", name="The rest 0").tap()
    page.locator("[data-sign-off]").tap()
    page.get_by_role("dialog").get_by_role("button", name="Sign off").tap()

    expect(page.get_by_text("signed off.")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="Take the sign-off")).to_be_in_viewport(ratio=1)
    page.locator('[data-cell="VM"] input').first.tap()
    expect(page.get_by_text("signed off.")).not_to_be_in_viewport()


@pytest.mark.parametrize("width", [320, 390, 640, 1024, 1280])
def test_nothing_lies_over_what_the_page_says(browser, site, width):
    own = make_reading_study(site, cases=2)
    with windows(browser, site.url, forgiven=OFFLINE) as visit:
        page = open_case(visit(own.reader), own)
        page.set_viewport_size({"width": width, "height": 844})
        for key in [".", "Enter"]:
            page.keyboard.press(key)
        page.get_by_role("dialog").get_by_role("button", name="Sign off").click()
        expect(page.locator(".message")).to_contain_text("signed off.")
        page.keyboard.press(".")
        expect(page.get_by_text("All saved")).to_be_visible()
        page.keyboard.press("Enter")
        page.context.set_offline(True)
        page.get_by_role("dialog").get_by_role("button", name="Sign off").click()
        said = page.get_by_text("No answer: it may or may not be signed off.")
        expect(said).to_be_in_viewport()
        lines = said.evaluate("element => element.getClientRects().length")
        page.evaluate("scrollTo(0, 0)")
        overlaid = page.evaluate(OVERLAID)

    assert lines <= 5  # of the narrowest window: a sentence and its link
    assert overlaid == []


@pytest.mark.parametrize("size", TABLETS, ids=["landscape", "portrait"])
def test_grading_by_hand_on_a_tablet(visit, site, size):
    own = make_reading_study(site, cases=1)
    page = visit(own.reader, **FINGER)
    page.set_viewport_size(size)
    open_case(page, own)

    assert not page.evaluate(TOO_WIDE)
    assert too_small(page) == []
    assert unreachable(page) == []
    heights = page.locator(".muscle-row").evaluate_all("rows => rows.map(row => row.getBoundingClientRect().height)")
    assert max(heights) < 60, "A row became two."
    assert page.locator(".skip-link").evaluate("link => link.offsetTop + link.offsetHeight") <= 0
    for cell, choice in zip(page.locator("[data-cell]").all(), "2130x123012", strict=True):
        cell.locator(f"input[value='{choice.replace('x', 'na')}']").tap()
    expect(page.get_by_text("All saved")).to_be_visible()
    assert grades_of(own, "VL VM VI RF BFSH BFLH SM ST ADD GR SA") == "2130x123012"
    page.locator("[data-sign-off]").tap()
    page.get_by_role("dialog").get_by_role("button", name="Sign off").tap()
    expect(page.locator(".message")).to_contain_text("signed off.")


@pytest.mark.parametrize("username", PAGES)
def test_targets_of_a_tablet_are_large_enough(visit, username, worklist):
    page = visit(username, **FINGER)
    small = {}
    for path in PAGES[username]:
        unfolded(page, {"worklist": worklist, "list": f"{worklist}list/"}.get(path, path))
        for size in TABLETS:
            page.set_viewport_size(size)
            if found := too_small(page):
                small[path, size["width"]] = found

    assert small == {}
