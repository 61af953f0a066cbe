"""The agreement page in a real browser: the map by keyboard, nothing wider than the window, the theme's colours."""

import re
from functools import cache, partial

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import SMALL_PAGE, in_theme, windows

pytestmark = pytest.mark.browser

INVESTIGATOR = "investigator"
AGREEMENT = "/studies/demo-complete/agreement/"
FIRST_POINT = """plot => {
  const { left, top } = plot.getBoundingClientRect();
  const { xaxis, yaxis } = plot._fullLayout;
  const { x, y } = plot.data.find(({ hovertext }) => hovertext);
  return [left + xaxis._offset + xaxis.d2p(x[0]), top + yaxis._offset + yaxis.d2p(y[0])];
}"""
CASES = f"{AGREEMENT}cases/?muscle=RF&readers=reader1,reader2"


@pytest.fixture(scope="module")
def opened(browser, site):
    """A function that returns the page at a path, opened once for all tests that only look at it."""
    with windows(browser, site.url) as open_page:
        yield cache(partial(open_page, INVESTIGATOR))


def test_cases_behind_a_cell_are_opened_by_keyboard(visit):
    agreement = visit(INVESTIGATOR, AGREEMENT)
    square = agreement.locator("[data-map=RF] a").first
    agreement.get_by_role("link", name="ICC(3,1)").focus()
    for _ in range(30):
        if square.evaluate("square => square === document.activeElement"):
            break
        agreement.keyboard.press("Tab")

    agreement.keyboard.press("Enter")

    expect(agreement.get_by_role("heading", name="RF: reader1 and reader2")).to_be_visible()
    apart = [int(cell) for cell in agreement.locator("[data-case] .apart").all_inner_texts()]
    assert len(apart) == 25
    assert apart == sorted(apart, reverse=True)
    assert apart[0] > apart[-1]


def test_one_goes_on_to_another_muscle_and_back_to_the_map(visit):
    page = visit(INVESTIGATOR, CASES)

    page.get_by_role("navigation", name="Muscle").get_by_role("link", name="SM", exact=True).click()
    expect(page.get_by_role("heading", name="SM: reader1 and reader2")).to_be_visible()
    page.get_by_role("link", name="Map of disagreement").click()

    page.wait_for_url(re.compile("/agreement/#map-heading$"))


def test_figure_shows_the_coefficient_that_is_chosen(visit):
    agreement = visit(INVESTIGATOR, AGREEMENT)
    agreement.get_by_role("link", name="alpha").click()

    expect(agreement.get_by_role("link", name="alpha")).to_have_attribute("aria-current", "true")
    expect(agreement.get_by_role("group", name="Krippendorff")).to_be_visible()


@pytest.mark.parametrize("width", [320, 768, 1280, 1920])
@pytest.mark.parametrize("path", [AGREEMENT, CASES])
def test_page_is_never_wider_than_the_window(opened, width, path):
    page = opened(path)
    page.set_viewport_size({"width": width, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [1280, 1920])
def test_tables_fit_a_screen(opened, width):
    agreement = opened(AGREEMENT)
    agreement.set_viewport_size({"width": width, "height": 900})

    wraps = agreement.locator(".table-wrap").evaluate_all("wraps => wraps.map(w => w.scrollWidth <= w.clientWidth)")
    assert wraps == [True] * 8


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_still_figure_takes_the_colours_of_the_theme(browser, site, theme):
    with windows(browser, site.url) as open_page:
        page = in_theme(open_page(INVESTIGATOR, SMALL_PAGE), theme)
        page.route("**/plotly-cartesian*", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.goto(AGREEMENT)

        ink = page.evaluate("getComputedStyle(document.body).color")
        numbers = page.locator(".figure-svg text").filter(has_text=re.compile(r"\]†?$"))
        drawn = numbers.evaluate_all("texts => texts.map((text) => getComputedStyle(text).fill)")

    assert len(drawn) == 36
    assert set(drawn) == {ink}


def test_pointing_at_a_coefficient_says_what_it_is(visit):
    agreement = visit(INVESTIGATOR, AGREEMENT)
    plot = agreement.locator(".js-plotly-plot").first
    place = plot.evaluate(FIRST_POINT)

    plot.page.mouse.move(*place)

    expect(plot.locator(".hovertext")).to_contain_text("VL, vastus lateralis")
    expect(plot.locator(".hovertext")).to_contain_text("ICC(2,1), absolute agreement: ")
