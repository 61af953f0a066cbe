"""What a figure says on hover can be read: every label of every plotly figure, in both themes."""

import pytest
from playwright.sync_api import expect

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES
from tests.browser.browser_windows import SMALL_PAGE, in_theme

pytestmark = pytest.mark.browser

DEMO = "/studies/demo-complete/"
PAGES = {name: f"{DEMO}comparison/?figure={name}" for name, figure in FIGURES.items() if figure.plotly}
PAGES |= dict.fromkeys(AGREEMENT_FIGURES, f"{DEMO}agreement/")
LEAST = 4.5  # WCAG 2.2, 1.4.3

# Where to point at, in pixels of the window: the first, the middle and the last place of each trace that speaks, and of
# the notes that do. Each place says what it is of.
PLACES = """plot => {
  const { left, top } = plot.getBoundingClientRect();
  const thirds = (places) => [0, Math.floor(places.length / 2), places.length - 1].map((at) => places[at]);
  const pixels = (trace, x, y) => {
    const { xaxis = "x", yaxis = "y" } = plot.data[trace];
    const axis = (name) => plot._fullLayout[name.replace(/^[xy]/, "$&axis")];
    const [across, down] = [axis(xaxis), axis(yaxis)];
    return { of: `trace ${trace}`, x: left + across._offset + across.d2p(x), y: top + down._offset + down.d2p(y) };
  };
  const placesOf = ({ type, x, y, y0, dy, z, base }, trace) => {
    if (type === "heatmap") return z.flatMap((row, j) => row.map((_, i) => pixels(trace, x[i], y0 + j * dy)));
    if (type === "scatter") return x.map((at, i) => pixels(trace, at, y[i]));
    return x.flatMap((at, i) => (y[i] ? [pixels(trace, at, base[i] + y[i] / 2)] : [])); // no bar, no place
  };
  const speaking = plot.data.map((trace, at) => [trace, at]).filter(([{ hoverinfo }]) => hoverinfo !== "skip");
  const notes = plot.layout.annotations.flatMap(({ hovertext }, at) => {
    const box = plot.querySelector(`.annotation[data-index="${at}"] .annotation-text`)?.getBoundingClientRect();
    return hovertext && box ? [{ of: "note", x: box.x + box.width / 2, y: box.y + box.height / 2 }] : [];
  });
  return [...speaking.flatMap(([trace, at]) => thirds(placesOf(trace, at))), ...(notes.length ? thirds(notes) : [])];
}"""

# Of each label that is shown: WCAG's contrast of its words, the worst of them, to its ground.
CONTRASTS = """labels => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [red, green, blue, opacity = 1] = channels(colour);
    if (opacity !== 1) throw new Error(`${colour} lets through what lies behind`);
    return 0.2126 * linear(red / 255) + 0.7152 * linear(green / 255) + 0.0722 * linear(blue / 255);
  };
  const fill = (element) => luminance(getComputedStyle(element).fill);
  return labels.map((label) => {
    const ground = fill(label.querySelector("path"));
    const words = [...label.querySelectorAll("text, tspan")].filter((text) => text.textContent.trim()).map(fill);
    return Math.min(...words.map((ink) => (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)));
  });
}"""


@pytest.fixture
def plot(visit, request):
    """A figure as it is drawn in a theme, in a window that shows all of it."""
    name, theme = request.param
    page = in_theme(visit("investigator", SMALL_PAGE), theme)
    page.set_viewport_size({"width": 1280, "height": 6000})
    page.goto(PAGES[name])
    plot = page.locator(f'.js-plotly-plot[data-figure*="/{name}."]')
    expect(plot.locator(".annotation-text").first).to_be_visible()
    return plot


@pytest.mark.parametrize(
    "plot", [(name, theme) for name in PAGES for theme in ("Dark", "Light")], indirect=True, ids=str
)
def test_words_of_every_hover_label_stand_out_from_it(plot):
    labels = plot.locator(".hovertext")
    places = plot.evaluate(PLACES)

    contrasts = {}
    for place in places:
        plot.page.mouse.move(1, 1)
        expect(labels).to_have_count(0)
        plot.page.mouse.move(place["x"], place["y"])
        expect(labels).to_have_count(1)
        contrasts.setdefault(place["of"], []).extend(labels.evaluate_all(CONTRASTS))

    assert contrasts
    assert {of: worst for of, each in contrasts.items() if (worst := min(each)) < LEAST} == {}
