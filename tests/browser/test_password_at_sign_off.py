"""A study that asks for the password at sign-off, with the keyboard alone."""

import psycopg
import pytest
from playwright.sync_api import expect

from grading.demo.load import PASSWORD
from tests.browser.browser_windows import windows
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser


def test_wrong_password_is_said_in_place_and_the_right_one_signs(browser, site):
    study = make_reading_study(site, cases=1)
    with psycopg.connect(site.environment["DATABASE_URL"]) as database:
        database.execute("UPDATE grading_study SET password_at_sign_off = true WHERE slug = %s", [study.slug])
    with windows(browser, site.url, forgiven=("422 (",)) as visit:
        page = visit(study.reader, study.worklist)
        page.keyboard.press("Enter")
        page.wait_for_url("**/reads/*-*/")
        page.keyboard.type("12")
        page.keyboard.press(".")  # the rest 0
        expect(page.get_by_text("11 of 11 graded")).to_be_visible()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Your password", exact=True)).to_be_focused()

        page.keyboard.type("not the password")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert").filter(has_text="That is not your password")).to_be_visible()
        expect(page.get_by_label("Your password", exact=True)).to_be_focused()
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")

        expect(page.get_by_text("Signed off.")).to_be_visible()
    assert len(study.grades()) == 11
