"""What a first visit of the grading page costs: whoever reads at home, or over a hospital's VPN, waits for it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.studies import make_reading_study
from thighsite.brotli_pages import MOST_PADDING

pytestmark = pytest.mark.browser

MOST_BYTES = 30 * 1024
BYTES_PER_DIGIT = 0.5  # of a page's padding, whose hexadecimal digits are random, once it is compressed
NOT_COUNTED = {"Font", "Image"}  # fonts, and images of the scan


def at_its_longest(page: Page, brought: dict[str, int]) -> float:
    """What was brought, in bytes, as it would have been with the longest padding: what comes is of random length."""
    padding = page.evaluate("document.lastChild.length")  # a comment
    return sum(brought.values()) + (MOST_PADDING - padding) * BYTES_PER_DIGIT


def first_visit(page: Page, path: str) -> dict[str, int]:
    """Bytes over the wire, heads included, of everything that the page asks for while nothing is in the cache."""
    network = page.context.new_cdp_session(page)
    kinds, names, sizes = {}, {}, {}
    network.on("Network.responseReceived", lambda event: names.update({event["requestId"]: event["response"]["url"]}))
    network.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    page.goto(path, wait_until="networkidle")
    expect(page.locator("[data-cell] input").first).to_be_focused()
    assert set(names) == set(sizes), "Something is still on its way."
    return {names[request]: size for request, size in sizes.items() if kinds[request] not in NOT_COUNTED}


def test_first_visit_of_the_grading_page_is_light(visit, site):
    study = make_reading_study(site, cases=1)
    page = visit(study.reader, study.worklist)

    brought = first_visit(page, page.locator("a.primary").get_attribute("href"))

    assert not [url for url in brought if "plotly" in url]
    assert at_its_longest(page, brought) <= MOST_BYTES, brought
