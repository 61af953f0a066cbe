"""Every figure in a real browser, still and drawn by plotly, from no participant to 3,000: its words can be read."""

import json
from pathlib import Path

import pytest

from grading.scale import SCALE
from tests.analysis.figure.answers import EVERY, IDS, data_of

pytestmark = pytest.mark.browser

PLOTLY = Path(__file__).parents[2] / "static" / "vendor" / "plotly"
WIDTHS = {1280: 1206, 1920: 1526}  # of the window, and what it leaves to a figure
NARROWEST = 1000  # of a wide figure: static/analysis/comparison.css
KEYS = {"no grade", *(f"{step.score} {step.name}" for step in SCALE)}
DRAWN = [(pair, name) for pair, name in zip(EVERY, IDS, strict=True) if pair[0].plotly]
BY_PLOTLY = pytest.mark.parametrize(("figure", "case"), [pair for pair, _ in DRAWN], ids=[name for _, name in DRAWN])
USUAL = ("25 participants", "three readers")

# Of the svg elements under a root: pairs of texts that meet, and texts that lie outside. Two pixels are forgiven,
# since a text's box is higher than its letters.
FAULTS = """root => {
  const faults = [];
  const edges = root.getBoundingClientRect();
  const texts = [...root.querySelectorAll("text")].filter((text) => text.textContent.trim());
  const boxes = texts.map((text) => text.getBoundingClientRect());
  boxes.forEach((box, at) => {
    const across = box.left < edges.left - 1 || box.right > edges.right + 1;
    const along = box.top < edges.top - 1 || box.bottom > edges.bottom + 1;
    if (across || along) faults.push(`outside: ${texts[at].textContent}`);
    for (let other = at + 1; other < boxes.length; other++) {
      const next = boxes[other];
      const wide = Math.min(box.right, next.right) - Math.max(box.left, next.left);
      const high = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
      if (wide > 1 && high > 2) faults.push(`${texts[at].textContent} / ${texts[other].textContent}`);
    }
  });
  return faults.slice(0, 5);
}"""
# A figure goes to the page as text: taken apart piece by piece on the way, it would take longer than to be drawn.
NEW_PLOT = """(target, json) => {
  const { data, layout } = JSON.parse(json);
  return Plotly.newPlot(target, data, layout, { displayModeBar: false }).then(() => null);
}"""
SHOW = """([inside, width]) => {
  document.body.innerHTML = inside;
  document.body.firstElementChild.style.width = `${width}px`;
  return document.body.firstElementChild;
}"""
TEXTS = """svg => [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => {
  const box = text.getBoundingClientRect();
  return [text.textContent.trim(), (box.left + box.right) / 2, (box.top + box.bottom) / 2];
})"""


@pytest.fixture(scope="module")
def sheet(browser):
    """A page with plotly in it."""
    page = browser.new_page()
    page.set_content("<!doctype html>")
    page.add_script_tag(path=PLOTLY / "plotly-cartesian.min.js")
    yield page
    page.close()


def show(page, inside, width):
    wanted = {"width": width + 40, "height": 1000}
    if page.viewport_size != wanted:
        page.set_viewport_size(wanted)
    return page.evaluate_handle(SHOW, [inside, width]).as_element()


def plotted(page, figure, width):
    target = show(page, "<div></div>", width)
    target.evaluate(NEW_PLOT, json.dumps(figure))
    return target


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize(("figure", "case"), EVERY, ids=IDS)
def test_no_word_of_a_still_figure_meets_another_or_is_clipped(sheet, figure, case, width):
    svg = show(sheet, figure.svg(data_of(case), width=width), width)

    assert svg.evaluate(FAULTS) == []


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@BY_PLOTLY
def test_no_word_of_a_plotly_figure_meets_another_or_is_clipped(sheet, figure, case, width):
    plot = plotted(sheet, figure.json(data_of(case)), width)

    assert plot.evaluate(FAULTS) == []


@pytest.mark.parametrize(("figure", "case"), [pair for pair, _ in DRAWN if pair[0].is_wide])
def test_no_word_of_a_wide_figure_meets_another_where_it_is_narrowest(sheet, figure, case):
    plot = plotted(sheet, figure.json(data_of(case)), NARROWEST)

    assert plot.evaluate(FAULTS) == []


@pytest.mark.parametrize(("figure", "case"), [pair for pair, _ in DRAWN if pair[1] in USUAL])
def test_still_figure_stands_where_plotly_draws_it(sheet, figure, case):
    drawn = plotted(sheet, figure.json(data_of(case)), 1206).evaluate(TEXTS)
    still = show(sheet, figure.svg(data_of(case), width=1206, theme="screen"), 1206).evaluate(TEXTS)

    assert sorted(text for text, _, _ in still) == sorted(text for text, _, _ in drawn)
    for (text, x, y), (_, plotly_x, plotly_y) in zip(sorted(still), sorted(drawn), strict=True):
        in_legend = " (n = " in text or text in KEYS  # which stand after texts whose width only a browser knows
        assert abs(x - plotly_x) < (80 if in_legend else 3), text
        assert abs(y - plotly_y) < 3, text
