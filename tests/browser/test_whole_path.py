"""Grade a scan, sign it off, see the comparison change: as three people would, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

READER, INVESTIGATOR = "reader1", "investigator"
COMPARISON = "/studies/demo/comparison/"


def open_cases(page) -> int:
    return page.locator("tr:not(.is-signed_off) a").count()


def open_next_case(page) -> None:
    expect(page.locator("a.primary")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reads/*/")


def test_a_scan_is_graded_with_the_keyboard_alone_and_the_comparison_follows(visit, worklist):
    investigator = visit(INVESTIGATOR, COMPARISON)
    before = comparison(investigator)
    reader = visit(READER, worklist)
    left = open_cases(reader)

    open_next_case(reader)
    scan = reader.url
    for key in "21x30123012":
        reader.keyboard.press(key)
    expect(reader.get_by_text("All saved")).to_be_visible()
    expect(reader.get_by_text("11 of 11 graded")).to_be_visible()
    reader.keyboard.press("Enter")
    expect(reader.get_by_role("dialog")).to_be_visible()
    reader.keyboard.press("Enter")
    reader.wait_for_url(lambda url: "/reads/" in url and url != scan)

    expect(reader.get_by_text("Signed off.")).to_be_visible()
    reader.goto(worklist)
    assert open_cases(reader) == left - 1
    investigator.reload()
    after = comparison(investigator)
    assert after["signed_off"] == before["signed_off"] + 1
    assert after["figure"] != before["figure"]


def comparison(page) -> dict:
    """What the investigator sees: how many reads are signed off, and the means that the figure draws."""
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible()
    counted = re.search(r"(\d+) of (\d+) reads", page.locator("main").inner_text())
    assert counted, "the page says how many reads are signed off"
    drawn = page.evaluate("JSON.stringify(document.querySelector('.js-plotly-plot').data)")
    return {"signed_off": int(counted[1]), "figure": drawn}


def test_grades_are_there_after_a_reload(visit, worklist):
    page = visit(READER, worklist)
    open_next_case(page)
    for key in "3x":
        page.keyboard.press(key)
    expect(page.get_by_text("All saved")).to_be_visible()

    page.reload()

    expect(page.get_by_role("radiogroup", name="vastus lateralis").get_by_label("3 severe")).to_be_checked()
    expect(page.get_by_role("radiogroup", name="vastus medialis").get_by_label("not assessable")).to_be_checked()
    expect(page.get_by_role("radiogroup", name="vastus intermedius").locator("input").first).to_be_focused()


def test_unusual_pairing_asks_before_it_is_recorded(visit, worklist):
    page = visit(READER, worklist)
    without_grades = page.get_by_role("row").filter(has_text=re.compile(r"\b0 of 11"))  # others are asked about first
    without_grades.first.get_by_role("link").click()

    page.get_by_role("radiogroup", name="Sequence").get_by_label("T1W").check()
    expect(page.get_by_text("edema is read on STIR or T2FS, not T1W")).to_be_visible()
    page.get_by_label("Unusual pairing").check()
    expect(page.get_by_text("All saved")).to_be_visible()
    page.reload()

    expect(page.get_by_role("radio", name="T1W")).to_be_checked()
    expect(page.get_by_label("Unusual pairing")).to_be_checked()
    page.get_by_role("radiogroup", name="Sequence").get_by_label("STIR").check()
    expect(page.get_by_label("Unusual pairing")).to_be_hidden()
    expect(page.get_by_text("All saved")).to_be_visible()


def test_grading_page_fits_a_screen_of_1280_by_800(visit, worklist):
    page = visit(READER, worklist)
    open_next_case(page)

    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_focused_muscle_is_shown_on_the_map(visit, worklist):
    page = visit(READER, worklist)
    open_next_case(page)

    page.get_by_role("radiogroup", name="gracilis").locator("input").first.focus()
    page.keyboard.press("ArrowDown")

    expect(page.locator(".thigh .muscle.is-focused")).to_have_attribute("data-muscle", "SA")
    page.locator(".thigh [data-muscle=RF]").first.click()
    expect(page.get_by_role("radiogroup", name="rectus femoris").locator("input").first).to_be_focused()


def test_site_works_without_javascript(visit, worklist):
    page = visit(READER, worklist, java_script_enabled=False)
    page.locator(".is-assigned a").last.click()
    page.wait_for_url("**/reads/*/")  # until it is loaded, styles and all: what is clicked stands still
    for group in page.locator("[data-cell]").all():
        group.locator("input").nth(2).check(force=True)

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert page.locator("[data-cell] input:checked").count() == 11
    page.get_by_role("button", name="Sign off").click()

    expect(page.get_by_text("Signed off.")).to_be_visible()


@pytest.mark.parametrize("theme", ["Dark", "Light", "System"])
def test_every_page_is_quiet_in_every_theme(visit, theme, worklist):
    places = {
        READER: ["/", worklist, "/nowhere/", "/accounts/password/"],
        INVESTIGATOR: [COMPARISON, "/studies/demo-complete/comparison/?set=edema"],
        "coordinator": ["/studies/demo/data/"],
    }
    for username, paths in places.items():
        page = visit(username)
        page.get_by_role("button", name=theme).click()
        for path in paths:
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("data-theme", theme.lower())
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is too wide"
