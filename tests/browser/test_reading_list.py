"""A reading list on paper: the cases alone, and all of them."""

import pytest
from playwright.sync_api import expect

from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser


def test_printed_list_is_the_cases_alone(visit, site):
    study = make_reading_study(site, cases=3)
    page = visit(study.reader, f"{study.worklist}list/")
    codes = page.locator(".reading-list tbody th").all_inner_texts()

    page.emulate_media(media="print")

    assert len(codes) == 3
    for place, code in enumerate(codes, start=1):
        row = page.get_by_role("row", name=code)
        expect(row).to_be_visible()
        assert row.get_by_role("cell").all_inner_texts() == ["edema", "STIR", "assigned", str(place)]
    expect(page.get_by_role("heading", name="Reading list")).to_be_visible()
    for hidden in (page.get_by_role("banner"), page.get_by_role("link", name="as CSV")):
        expect(hidden).to_be_hidden()
    expect(page.locator("body")).to_have_css("color", "rgb(21, 24, 27)")  # ink, also where the theme is dark


def test_list_for_whoever_prepares_scans_fits_on_a_sheet(visit, site):
    study = make_reading_study(site, cases=2)
    site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    page = visit("coordinator", f"/studies/{study.slug}/data/reading-lists/")

    page.emulate_media(media="print")
    for width in (718, 642):  # A4 at 96 dpi, within margins of one and two centimetres
        page.set_viewport_size({"width": width, "height": 1000})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
        expect(page.get_by_role("columnheader", name="Participant")).to_be_visible()
    expect(page.get_by_text("Keep it from readers.")).to_be_visible()
    expect(page.get_by_role("navigation", name="Pages of the study")).to_be_hidden()


def test_case_is_found_in_the_list_by_what_its_page_says(visit, site):
    study = make_reading_study(site, cases=2)
    page = visit(study.reader, study.worklist)
    page.locator(".is-assigned a").last.click()
    page.wait_for_url("**/reads/*/")
    code = page.title().split()[1]

    page.get_by_role("link", name="Your cases").click()
    page.get_by_role("link", name="Reading list").click()

    expect(page.get_by_role("row", name=code)).to_contain_text("2")
