"""PNG at print resolution, made in the browser under the site's policy; and figures in the colours of the dark."""

import re
import struct
from zlib import crc32

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import SMALL_PAGE, in_theme

pytestmark = pytest.mark.browser

COMPLETE = "/studies/demo-complete/comparison/"
FIGURE = f"{COMPLETE}figures/forest.svg?download"
REFUSED = "status of 422"  # what a browser reports of the answer that one test asks for
SCRIPTS = ["/static/analysis/download.js", "/static/analysis/figure-theme.js"]
MODULES = """async ([download, theme]) => {
  window.download = await import(download);
  window.theme = await import(theme);
}"""
ADD_LINK = """href => {
  const link = Object.assign(document.createElement("a"), { href, textContent: "PNG for the test", hidden: true });
  link.dataset.download = "png";
  document.querySelector("main").prepend(link);
  window.download.offerDownloads(document);
}"""


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return (REFUSED,)


@pytest.fixture
def page(visit):
    page = visit("investigator", COMPLETE)
    page.evaluate(MODULES, SCRIPTS)
    return page


def test_png_has_300_dpi_at_the_width_of_two_columns(page, tmp_path):
    drawn = page.request.get(f"{page.url.split('/studies')[0]}{FIGURE}").text()
    width, height = map(float, re.search(r'viewBox="0 0 (\S+) (\S+)"', drawn).groups())
    page.evaluate(ADD_LINK, FIGURE)
    with page.expect_download() as download:
        page.get_by_role("link", name="PNG for the test").click()

    download.value.save_as(tmp_path / "figure.png")
    png = (tmp_path / "figure.png").read_bytes()
    assert download.value.suggested_filename == "demo-complete-forest-all.png"
    assert struct.unpack(">II", png[16:24]) == (2161, round(2161 * height / width))
    assert png[37:41] == b"pHYs"
    assert struct.unpack(">IIB", png[41:50]) == (11811, 11811, 1)  # pixels per metre
    assert is_whole_png(png)


def test_what_cannot_be_drawn_is_shown_as_the_server_says_it(page):
    page.evaluate(ADD_LINK, f"{COMPLETE}figures/forest.svg?set=both")
    page.get_by_role("link", name="PNG for the test").click()

    expect(page.get_by_text("cannot be asked for as set")).to_be_visible()


@pytest.mark.parametrize("path", [COMPLETE, "/studies/demo-complete/agreement/"])
@pytest.mark.parametrize(("name", "paper"), [("Dark", "rgb(23, 25, 28)"), ("Light", "rgb(255, 255, 255)")])
def test_plotly_draws_in_the_colours_of_the_theme(visit, path, name, paper):
    page = in_theme(visit("investigator", SMALL_PAGE), name)
    page.goto(path)

    grounds = page.locator(".js-plotly-plot .main-svg:first-child")
    expect(grounds).to_have_count(page.locator("[data-figure]").count())
    assert set(grounds.evaluate_all("all => all.map((svg) => getComputedStyle(svg).backgroundColor)")) == {paper}


@pytest.mark.parametrize("name", ["Dark", "Light"])
def test_page_knows_whether_it_is_dark(visit, name):
    page = in_theme(visit("investigator", SMALL_PAGE), name)
    page.evaluate(MODULES, SCRIPTS)

    assert page.evaluate("theme.isDark(document.body)") == (name == "Dark")


def is_whole_png(png):
    """Whether every chunk's checksum is right, to the last chunk."""
    at, kinds = 8, []
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        (checksum,) = struct.unpack(">I", png[at + 8 + length : at + 12 + length])
        assert checksum == crc32(png[at + 4 : at + 8 + length])
        kinds.append(kind)
        at += 12 + length
    return kinds[0] == b"IHDR" and kinds[-1] == b"IEND"
