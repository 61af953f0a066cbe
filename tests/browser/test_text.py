"""The text page in a real browser: what the buttons copy, and what remains where they cannot."""

import pytest
from playwright.sync_api import expect

from tests.browser.studies import make_compared_study
from tests.browser.test_live import sign_off_next_case

pytestmark = pytest.mark.browser

TEXT = "/studies/demo-complete/text/"
COPIED = "navigator.clipboard.readText()"


def copy(page, name):
    section = page.get_by_role("region", name=name).first
    section.get_by_role("button", name="Copy").click()
    return section.get_by_role("status")


def test_paragraph_is_copied_as_it_reads(visit):
    page = visit("investigator", TEXT, permissions=["clipboard-read", "clipboard-write"])

    expect(copy(page, "Results")).to_have_text("Copied.")

    assert page.evaluate(COPIED) == page.locator("#results").inner_text()


def test_checklist_is_copied_as_a_table(visit):
    page = visit("investigator", TEXT, permissions=["clipboard-read", "clipboard-write"])

    expect(copy(page, "GRRAS")).to_have_text("Copied.")

    lines = page.evaluate(COPIED).splitlines()
    assert [len(line.split("\t")) for line in lines] == [4] * 16
    assert lines[1].startswith("1\tTitle and abstract\t")


def test_without_a_clipboard_the_text_is_selected(visit):
    page = visit("investigator", TEXT)
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")

    expect(copy(page, "Methods")).to_contain_text("Selected")

    assert page.evaluate("getSelection().toString()") == page.locator("#methods").inner_text()


def test_without_javascript_there_is_text_and_no_dead_button(visit):
    page = visit("investigator", TEXT, java_script_enabled=False)

    expect(page.locator("#methods")).to_contain_text("11 thigh muscles were graded")
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)


def test_text_follows_the_study_and_what_is_copied_is_what_it_says_then(visit, site):
    study = make_compared_study(site, investigator="investigator")
    page = visit("investigator", f"/studies/{study.slug}/text/", permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator("#results")).to_contain_text("(8 of 16 reads signed off)")
    page.evaluate("window.samePage = true")

    sign_off_next_case(visit("reader1"), study)

    expect(page.locator("#results")).to_contain_text("(9 of 16 reads signed off)")
    expect(page.locator("[data-live-note]")).to_contain_text("1 read more signed off")
    expect(copy(page, "Results")).to_have_text("Copied.")
    assert page.evaluate(COPIED) == page.locator("#results").inner_text()
    assert page.evaluate("window.samePage")
