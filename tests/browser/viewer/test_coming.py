"""How slices come: after the form, again where one fails, and the next case's before it is there."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import windows
from tests.browser.keyboard import open_case, sign
from tests.browser.test_weight import MOST_BYTES, at_its_longest
from tests.browser.viewer.conftest import stack, stands

pytestmark = pytest.mark.browser

ALL_THERE = 9 + 5
SLICES = re.compile(r"/stacks/\w+/\d+/")


def test_a_slice_that_fails_is_said_and_asked_for_again(browser, site, study):
    with windows(browser, site.url, forgiven=("503 (",)) as visit:
        page = visit(study.reader, study.worklist)
        refused = []

        def refuse_twice(route):
            if "/STIR/4/" in route.request.url and len(refused) < 2:
                refused.append(route.request.url)
                return route.fulfill(status=503)
            return route.continue_()

        page.route(SLICES, refuse_twice)
        page.locator("a.primary").click()
        failed = "Slice 5 could not be loaded. It is asked for again."
        expect(page.locator(".viewer [role=status]")).to_have_text(failed)
        stands(page)

    assert len(refused) == 2


def test_slices_are_fetched_once_nearest_first_and_the_next_cases_first_ones_ahead(visit, study):
    page = visit(study.reader, study.worklist)
    asked = []
    address = lambda request: request.url.partition("/reads/")[2].partition("?")[0]  # noqa: E731
    page.on("request", lambda request: "/stacks/" in request.url and asked.append(address(request)))
    open_case(page)
    own = page.url.partition("/reads/")[2].strip("/")
    stands(page)
    with page.expect_request(lambda request: address(request).endswith("/T1W/3/") and own not in request.url):
        pass  # the last of those that are fetched ahead

    names = [url.partition("/stacks/")[2] for url in asked if url.startswith(own)]
    assert names[:3] == ["", "STIR/4/", "T1W/2/"]
    assert len(names) == len(set(names)) == 1 + ALL_THERE
    ahead = [url.partition("/stacks/")[2] for url in asked[len(names) :]]
    assert set(ahead) == {"", *(f"STIR/{n}/" for n in (3, 4, 5)), *(f"T1W/{n}/" for n in (1, 2, 3))}

    page.route(SLICES, lambda route: None)  # nothing more comes
    sign(page)
    stands(page)


def test_the_next_case_shows_nothing_of_the_one_before_and_asks_until_its_scan_is_there(browser, site, study):
    with windows(browser, site.url, forgiven=("503 (",)) as visit:
        page = visit(study.reader, study.worklist)
        page.clock.install()
        lists = []

        def refuse_second_and_third(route):
            lists.append(route.request.url)
            return route.fulfill(status=503) if len(lists) in (2, 3) else route.continue_()

        page.route("**/stacks/", refuse_second_and_third)
        page.locator("a.primary").click()
        stands(page)
        sign(page)
        expect(page.get_by_text("The scan could not be loaded. It is asked for again.")).to_be_visible()
        expect(stack(page)).to_be_hidden()
        while len(lists) < 4:
            page.clock.run_for(1000)  # of those after which it asks again
        stands(page)

    assert lists[1] == lists[2] == lists[3] != lists[0]


def test_the_form_weighs_as_before_and_comes_first(visit, study):
    page = visit(study.reader, study.worklist)
    network = page.context.new_cdp_session(page)
    order, sizes = {}, {}
    network.on("Network.requestWillBeSent", lambda event: order.update({event["requestId"]: event["request"]["url"]}))
    network.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    network.send("Network.enable")
    network.send("Network.clearBrowserCache")
    page.goto(page.locator("a.primary").get_attribute("href"))
    stands(page)

    viewer = {request for request, url in order.items() if "/viewer/" in url or "/stacks/" in url}
    form = [request for request in order if request not in viewer]
    scripts = [request for request in viewer if order[request].endswith(".js")]
    brought = {order[request]: sizes.get(request, 0) for request in form}
    assert at_its_longest(page, brought) <= MOST_BYTES, brought
    assert scripts
    assert all(list(order).index(script) > list(order).index(form[-1]) for script in scripts)


def test_no_scan_leaves_the_page_as_it_was(visit, site):
    from tests.browser.studies import make_reading_study

    without = make_reading_study(site, cases=1)
    page = open_case(visit(without.reader, without.worklist))

    expect(page.locator("[data-viewer-place]")).to_have_count(0)
    expect(page.locator("[data-thighs]")).to_be_visible()
