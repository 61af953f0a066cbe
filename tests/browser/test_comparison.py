"""The comparison page in a real browser: the figure under the site's policy, its labels, its theme, its reload."""

from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import windows

pytestmark = pytest.mark.browser

PLOTLY = Path(__file__).parents[2] / "static" / "vendor" / "plotly"
INVESTIGATOR = "investigator"
COMPLETE = "/studies/demo-complete/comparison/"
LABELS = ".xtick text, .ytick text, .annotation-text, .legendtext, .ytitle"
TO_BOXES = "texts => texts.map(text => text.getBoundingClientRect().toJSON())"


def overlap(one, other, slack=1):
    """Whether two boxes share more than a hair's breadth."""
    return all(
        min(one[end], other[end]) - max(one[start], other[start]) > slack
        for start, end in (("left", "right"), ("top", "bottom"))
    )


@pytest.fixture(scope="module")
def window(browser, site):
    """One for all tests, for most of what a first visit takes is reading plotly's program."""
    with windows(browser, site.url) as visit:
        page = visit(INVESTIGATOR, COMPLETE)
        expect(page.locator(".js-plotly-plot .legendtext").first).to_be_visible()
        yield page


@pytest.fixture
def figure(window):
    window.set_viewport_size({"width": 1280, "height": 800})
    return window


@pytest.mark.parametrize("width", [768, 1280, 1920])
def test_no_label_is_clipped_or_meets_another(figure, width):
    figure.set_viewport_size({"width": width, "height": 900})
    figure.reload()
    expect(figure.locator(".js-plotly-plot .legendtext").first).to_be_visible()

    labels = figure.locator(LABELS).evaluate_all(TO_BOXES)
    plot = figure.locator(".js-plotly-plot").evaluate("plot => plot.getBoundingClientRect().toJSON()")

    assert len(labels) == 11 + 4 + 11 + 3 + 2 + 1  # muscles, scores, marks, compartments, groups, the axis's title
    assert not [pair for pair in combinations(labels, 2) if overlap(*pair)]
    for box in labels:
        assert plot["left"] <= box["left"] < box["right"] <= plot["right"] + 1
        assert plot["top"] <= box["top"] < box["bottom"] <= plot["bottom"] + 1


@pytest.mark.parametrize("width", [1280, 1920])
def test_table_fits_a_screen(figure, width):
    figure.set_viewport_size({"width": width, "height": 900})

    assert figure.locator(".table-wrap").first.evaluate("wrap => wrap.scrollWidth <= wrap.clientWidth")


@pytest.mark.parametrize("theme", ["Dark", "Light"])
def test_figure_takes_the_colours_of_the_theme(figure, theme):
    figure.get_by_role("button", name=theme).click()
    expect(figure.locator(".js-plotly-plot .legendtext").first).to_be_visible()

    ink = figure.evaluate("getComputedStyle(document.body).color")
    muted = figure.locator(".page .muted").first.evaluate("element => getComputedStyle(element).color")
    drawn = figure.locator(LABELS).evaluate_all("texts => texts.map(text => getComputedStyle(text).fill)")

    assert ink in drawn
    assert set(drawn) <= {ink, muted}


def test_hover_tells_what_the_model_says(figure):
    figure.locator(".annotation-text").nth(3).hover()

    expect(figure.locator(".hovertext")).to_contain_text("RF, rectus femoris")
    expect(figure.locator(".hovertext")).to_contain_text("Kenward–Roger")


def test_numbers_are_there_without_javascript(visit):
    page = visit(INVESTIGATOR, COMPLETE, java_script_enabled=False)

    expect(page.locator("tr[data-muscle]")).to_have_count(11)
    expect(page.get_by_text("DM and IMNM differ in 10 of 11 muscles")).to_be_visible()
    expect(page.locator("[data-plot] svg.figure-svg")).to_be_visible()


def test_plotlys_rules_are_those_it_would_write_itself(browser):
    page = browser.new_page()
    page.add_script_tag(path=PLOTLY / "plotly-cartesian.min.js")
    page.add_style_tag(path=PLOTLY / "plotly.css")

    of_style = "style => [...style.sheet.cssRules].map(rule => rule.cssText)"
    own = page.locator("style[id='plotly.js-style-global']").evaluate(of_style)
    ours = page.locator("style:not([id])").evaluate(of_style)
    page.close()

    assert ours == own
