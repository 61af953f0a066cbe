"""The scan stays in the archive: a link that a coordinator sets opens each case there, in one window."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.keyboard import open_case, press
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

# The archive's page says what it could reach of this site.
OF_ARCHIVE = """<!doctype html><title>Archive</title><h1></h1><script>
document.querySelector("h1").textContent = location.search;
document.documentElement.dataset.handles = [window.opener, parent.opener, document.referrer].filter(Boolean).length;
try { top.location = "about:blank"; } catch { document.documentElement.dataset.held = "yes"; }
</script>"""
# The sandbox says in the console what it held back.
HELD_BACK = ("Unsafe attempt to initiate navigation",)


class Archive(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(OF_ARCHIVE.encode())

    def log_message(self, *args):
        pass


@contextmanager
def served_archive() -> Iterator[str]:
    """Another site than the one under test, whose address is 127.0.0.1."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Archive) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.fixture
def forgiven():
    return HELD_BACK


def set_up(page: Page, archive: str, cases: int) -> None:
    """As a coordinator: the link, and the MRIs' ids in the archive."""
    page.get_by_role("link", name="Scans", exact=True).click()
    page.get_by_label("Link to a case’s scan").fill(f"{archive}/viewer?study={{id}}")
    page.get_by_role("button", name="Save").click()
    ids = "participant,mri,id\n" + "".join(f"P{n},M{n},q7k2x{n}\n" for n in range(cases))
    page.get_by_label("CSV or XLSX file", exact=True).set_input_files(
        {"name": "ids.csv", "mimeType": "text/csv", "buffer": ids.encode()}
    )
    page.get_by_role("button", name="Store ids").click()
    expect(page.get_by_text(f"{cases} of {cases} MRIs have one.")).to_be_visible()


def test_each_case_opens_in_one_window_that_gives_the_archive_nothing(visit, site):
    study = make_reading_study(site, cases=2)
    site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    with served_archive() as archive:
        set_up(visit("coordinator", f"/studies/{study.slug}/data/"), archive, cases=2)
        page = open_case(visit(study.reader, study.worklist))

        with page.context.expect_page() as opened:
            press(page, "a")
        window = opened.value
        shown = window.frame_locator("iframe")
        expect(shown.locator("html[data-held=yes]")).to_have_attribute("data-handles", "0")
        first = shown.locator("h1").inner_text()
        expect(window.locator(".site-header strong")).to_have_text(page.locator(".site-header strong").inner_text())
        label = page.locator(".site-header strong").inner_text()
        page.bring_to_front()
        page.get_by_role("link", name="Next").click()

        expect(page.locator(".site-header strong")).not_to_have_text(label)

        # It follows without being asked to.
        expect(window.locator(".site-header strong")).to_have_text(page.locator(".site-header strong").inner_text())
        expect(shown.locator("h1")).not_to_have_text(first)
        expect(shown.locator("html[data-held=yes]")).to_have_attribute("data-handles", "0")
        second = shown.locator("h1").inner_text()
        with window.expect_navigation():
            page.get_by_role("link", name="Scan", exact=True).click()
        assert len(page.context.pages) == 2
        assert sorted([first, second]) == ["?study=q7k2x0", "?study=q7k2x1"]
