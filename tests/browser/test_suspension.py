"""What a reader's browser holds when they are suspended: refused, kept, and sent once they have come back."""

import pytest
from playwright.sync_api import expect

from tests.browser.keyboard import open_case, press, saved
from tests.browser.studies import grades_of, make_reading_study

pytestmark = pytest.mark.browser

KEPT = "() => Object.keys(localStorage).filter((name) => name.startsWith('thighsite.outbox')).length"


def change_access(coordinator, study, action: str, button: str) -> None:
    coordinator.goto(f"/studies/{study.slug}/members/")
    row = coordinator.get_by_role("row", name=study.reader)
    row.get_by_text(action).click()
    row.get_by_label("Reason").fill("Lost their laptop.")
    row.get_by_role("button", name=button).click()
    expect(coordinator.get_by_role("status").first).to_contain_text("access" if "again" in button else "is suspended")


def test_what_was_entered_is_kept_while_its_reader_is_suspended(visit, site):
    study = make_reading_study(site, cases=1)
    site.manage(["add_member", "--study", study.slug, "coordinator", "--role", "coordinator"])
    page, coordinator = visit(study.reader, study.worklist), visit("coordinator")
    open_case(page)
    press(page, "1")
    saved(page)

    change_access(coordinator, study, "Suspend…", "Suspend at once")
    press(page, "23")

    expect(page.locator("[data-state-of=VM]")).to_have_text("not saved")
    expect(page.locator("[data-state-of=VI]")).to_have_text("not saved")
    assert page.evaluate(KEPT) == 2
    page.reload()
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()
    assert page.evaluate(KEPT) == 2
    assert grades_of(study, "VL VM VI") == "1--"

    change_access(coordinator, study, "End the suspension…", "Give access again")
    page.reload()
    saved(page)

    assert page.evaluate(KEPT) == 0
    assert grades_of(study, "VL VM VI") == "123"
