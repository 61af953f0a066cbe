"""From a signed case to the next one: at once, in the same page, and with no key on the wrong muscle."""

import pytest
from playwright.sync_api import expect

from tests.browser.browser_windows import windows
from tests.browser.keyboard import ask_to_sign, beside, open_case, press, saved, sign
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=3)


def test_next_case_takes_the_place_of_the_signed_one_without_a_new_page(page, study):
    page.evaluate("() => { window.isStillHere = true; }")
    addresses = [page.url]
    signed = [sign(page)]
    addresses.append(page.url)
    signed.append(sign(page))

    assert page.evaluate("() => window.isStillHere") is True
    case = page.locator("h1").inner_text()
    assert case not in signed
    expect(page).to_have_title(f"{case} · thighsite")
    expect(page.locator("header strong")).to_have_text(case)
    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "VL")
    assert page.url not in addresses
    press(page, "2x")
    page.locator('[data-cell="VI"] input[value="1"]').click()
    press(page, "u1")
    saved(page)
    assert page.locator("[data-cell] input:checked").count() == 3
    page.reload()
    expect(page.locator("h1")).to_have_text(case)
    assert page.locator("[data-cell] input:checked").count() == 3
    assert len(study.grades()) == 22 + 3


def test_undo_takes_nothing_back_in_the_case_before(page, study):
    sign(page)
    press(page, "u")

    expect(page.get_by_text("Nothing to undo since")).to_be_visible()
    assert len(study.grades()) == 11


def test_back_goes_to_the_signed_case_and_forward_to_the_next(page):
    first = page.url
    sign(page)
    second = page.url
    press(page, "3")
    saved(page)

    page.go_back()
    expect(page.get_by_text("The grades are frozen.")).to_be_visible()
    assert page.url == first
    page.go_forward()
    expect(page.locator('[data-cell="VL"] input[value="3"]')).to_be_checked()
    assert page.url == second


def test_last_case_leads_to_the_list(page, study):
    for _ in range(3):
        ask_to_sign(page)
        url = page.url
        press(page, ["Enter"])
        page.wait_for_url(lambda now, before=url: now != before)

    page.wait_for_url(f"**{study.worklist}")


def test_keys_before_the_next_case_stands_grade_nothing_and_that_is_said(page, study):
    held = []
    page.route("**/sign-off/", lambda route: held.append(route))
    case = ask_to_sign(page)
    press(page, ["Enter"])
    expect(page.get_by_text("Keys do nothing until the next case stands.")).to_be_visible()
    press(page, [*"12u", "Escape", "Escape", "Escape", "Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    held[0].continue_()

    expect(page.get_by_text(f"{case} signed off.")).to_be_visible()
    expect(page.get_by_text("Keys that were pressed before this case stood were not taken.")).to_be_visible()
    assert len(held) == 1
    assert page.locator("[data-cell] input:checked").count() == 0
    expect(page.locator(".muscle-row.is-focused")).to_have_attribute("data-row", "VL")
    assert len(study.grades()) == 11


def test_keys_that_would_do_nothing_are_not_missed_in_the_next_case(page):
    held = []
    page.route("**/sign-off/", lambda route: held.append(route))
    case = ask_to_sign(page)
    press(page, ["Enter"])
    expect(page.get_by_text("Keys do nothing until the next case stands.")).to_be_visible()
    press(page, ["Shift", "Control", "Escape", "Tab", "7"])
    held[0].continue_()

    expect(page.get_by_text(f"{case} signed off.")).to_be_visible()
    expect(page.locator("[data-announce]")).to_have_text("")


def test_what_another_window_replaced_is_asked_about_in_the_next_case_too(browser, site, study):
    with windows(browser, site.url, forgiven=("409 (",)) as visit:
        page = open_case(visit(study.reader, study.worklist))
        sign(page)
        other = beside(page)
        press(page, "1")
        saved(page)
        press(other, "3")
        question = other.get_by_role("dialog", name="Entered differently elsewhere")
        question.get_by_role("button", name="Not saved yet: 3").click()
        saved(other)
        page.locator('[data-cell="VL"] input').first.focus()
        press(page, "0")
        page.get_by_role("button", name="Saved: 3").click()
        expect(page.locator('[data-cell="VL"] input[value="3"]')).to_be_checked()
        saved(page)

    assert sorted(grade for *_, grade in study.grades()) == ["0"] * 11 + ["3"]
