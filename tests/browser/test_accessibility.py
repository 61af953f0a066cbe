"""Everybody can use it: WCAG 2.2 AA on every page in both themes, radio groups, visible focus, announced states."""

import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect

from grading.demo.load import PASSWORD
from tests.browser.axe import violations, violations_at
from tests.browser.keyboard import change_what_grades_mean, open_case, press, saved
from tests.browser.servers import ROOT
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

READER, INVESTIGATOR, COORDINATOR = "reader1", "investigator", "coordinator"
DATA = "/studies/demo/data/"
UNLOCK = "/studies/demo/unlock/"
COMPLETE = "/studies/demo-complete/comparison/"
AGREEMENT = "/studies/demo-complete/agreement/"
PLANNING = "/studies/demo-complete/planning/"
TEXT = "/studies/demo-complete/text/"
# What Chromium reports of the answers and the cut that these tests bring about.
FAILURES = ("401 (", "403 (", "409 (", "422 (", "ERR_INTERNET_DISCONNECTED")


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return FAILURES


@pytest.fixture(scope="module")
def study(site):
    return make_reading_study(site, cases=20)


@pytest.fixture(scope="module")
def study_of_sides(site):
    return make_reading_study(site, cases=2, sides="left right")


@pytest.fixture
def case(visit, study) -> Page:
    """An assigned read, its first muscle in hand."""
    page = visit(study.reader, study.worklist)
    page.locator(".is-assigned a").first.click()
    expect(page.locator("[data-cell] input").first).to_be_focused()
    return page


def open_sign_off(page: Page):
    press(page, ".")
    saved(page)
    page.keyboard.press("Enter")
    return page.get_by_role("dialog", name="Sign off")


def open_sign_in_again(page: Page):
    page.context.clear_cookies(name="sessionid")
    press(page, "1")
    return page.get_by_role("dialog", name="Your session has ended")


def open_conflict(page: Page):
    other = page.context.new_page()
    other.goto(page.url)
    press(other, "1")
    saved(other)
    other.close()
    press(page, "2")
    return page.get_by_role("dialog", name="Entered differently elsewhere")


def open_keys(page: Page):
    press(page, "h")
    return page.get_by_role("dialog", name="Keys")


FOCUS_BEFORE = {
    open_keys: "[data-cell=VL] input",
    open_sign_off: "[data-sign-off]",
    open_sign_in_again: "[data-cell=VM] input",
    open_conflict: "[data-cell=VM] input",
}
DIALOGS = list(FOCUS_BEFORE)


# Every page, in both themes


def test_pages_before_signing_in(visit):
    page = visit(None)

    assert violations_at(page, "/accounts/login/", "/nowhere/", "/accounts/set-password/used/link/") == {}

    page.goto("/accounts/login/")
    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert violations(page) == []


def test_page_for_a_first_password(visit, site, study):
    arguments = ["add_member", "--study", study.slug, "newcomer", "--role", "investigator", "--create"]
    command = [sys.executable, "manage.py", *arguments]
    said = subprocess.run(command, cwd=ROOT, env=site.environment, capture_output=True, text=True, check=True).stdout
    link = next(word for word in said.split() if "/accounts/set-password/" in word)
    page = visit(None, link[link.index("/accounts/") :])

    expect(page.get_by_role("heading", name="Choose a password")).to_be_visible()
    assert violations(page) == []
    page.get_by_label("New password", exact=True).fill("one")
    page.get_by_label("confirmation").fill("another")
    page.get_by_role("button", name="Set password").click()
    expect(page.locator(".errors").first).to_be_visible()
    assert violations(page) == []


def test_pages_of_a_reader(visit, worklist):
    page = visit(READER)

    pages = ("/", worklist, f"{worklist}list/", "/accounts/password/", "/nowhere/", DATA)
    assert violations_at(page, *pages) == {}


def test_pages_of_an_investigator(visit, site, study):
    site.manage(["add_member", "--study", study.slug, INVESTIGATOR, "--role", "investigator"])
    page = visit(INVESTIGATOR)

    assert violations_at(page, COMPLETE, TEXT, f"/studies/{study.slug}/comparison/") == {}


def test_agreement_and_the_cases_behind_it(visit):
    page = visit(INVESTIGATOR)
    cases = f"{AGREEMENT}cases/?muscle=RF&readers=reader1,reader2"

    assert violations_at(page, AGREEMENT, f"{AGREEMENT}?coefficient=ac2", cases, PLANNING) == {}


def test_pages_of_a_coordinator(visit):
    page = visit(COORDINATOR)

    lists = (f"{DATA}reads/", f"{DATA}reading-lists/", f"{DATA}take-back/")
    assert violations_at(page, DATA, *lists, "/studies/demo/members/", UNLOCK) == {}


def test_pages_that_correct_a_participant(visit, site):
    (first, mri), (other, _) = site.rows("""
        SELECT grading_participant.id, min(grading_mri.id::text) FROM grading_participant
        JOIN grading_mri ON participant_id = grading_participant.id
        JOIN grading_study ON grading_study.id = grading_participant.study_id
        WHERE slug = 'demo' GROUP BY grading_participant.id, grading_participant.code
        ORDER BY grading_participant.code LIMIT 2
    """)
    (code,) = site.rows("SELECT code FROM grading_participant WHERE id = %s", other)[0]
    people = "/studies/demo/participants/"
    names = ("", "correct/", "mris/", "merge/", f"merge/?other={code}", "withdraw/", "take-back/", "delete/")
    pages = [people, *(f"{people}{first}/{name}" for name in names)]
    move = f"/studies/demo/mris/{mri}/move/?other={code}"
    page = visit(COORDINATOR)

    assert violations_at(page, *pages, move) == {}

    page.get_by_label("Reason").fill("a slip")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.locator(".errors").first).to_be_visible()
    assert violations(page) == []
    page.goto(f"{people}{first}/correct/")
    page.get_by_label("Code").fill(f"{code}-")
    page.get_by_label("Reason").fill("a slip")
    page.get_by_role("button", name="Show what will happen").click()
    expect(page.get_by_text("Nothing is stored yet")).to_be_visible()
    assert violations(page) == []


def test_refused_upload(visit):
    page = visit(COORDINATOR, DATA)
    upload = page.get_by_role("region", name="Participants", exact=True)
    wrong = {"name": "wrong.csv", "mimeType": "text/csv", "buffer": b"participant,group,mri\nP1,nobody,\n"}
    upload.locator("input[type=file]").set_input_files(wrong)
    upload.get_by_role("button", name="Show what it would change").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    assert violations(page) == []


# The grading page


def test_grading_page_from_the_first_grade_to_the_sign_off(case):
    assert violations(case) == []

    press(case, "0123x")
    saved(case)
    press(case, "f")
    expect(case.get_by_role("alertdialog")).to_be_visible()
    assert violations(case) == []
    press(case, ["Enter"])
    saved(case)
    assert violations(case) == []
    case.get_by_role("radio", name="STIR").click()
    expect(case.get_by_role("alertdialog")).to_be_visible()
    press(case, ["Enter"])
    saved(case)
    expect(case.get_by_label("Unusual pairing")).to_be_visible()
    assert violations(case) == []
    change_what_grades_mean(case, "e")
    press(case, ".")
    saved(case)
    read = case.url
    case.locator("[data-sign-off]").click()
    case.get_by_role("dialog").get_by_role("button", name="Sign off").click()
    expect(case.get_by_text("signed off.").first).to_be_visible()
    assert violations(case) == []
    case.goto(read)
    expect(case.get_by_text("The grades are frozen.")).to_be_visible()
    assert violations(case) == []


def test_grading_page_with_sides_apart(visit, study_of_sides):
    page = open_case(visit(study_of_sides.reader, study_of_sides.worklist))
    press(page, "0123x")
    saved(page)

    assert violations(page) == []


@pytest.mark.parametrize("open_dialog", DIALOGS)
def test_dialog(case, open_dialog):
    expect(open_dialog(case)).to_be_visible()

    assert violations(case) == []


def test_every_choice_is_a_radio_in_a_named_group(case):
    groups = case.get_by_role("radiogroup")

    names = groups.evaluate_all("groups => groups.map(group => group.getAttribute('aria-label'))")
    assert len(names) == len(set(names)) == 11 + 2
    for name in names:
        group = case.get_by_role("radiogroup", name=name, exact=True)
        assert group.get_by_role("radio").count() >= 2
        assert len(set(group.locator("input[type=radio]").evaluate_all("radios => radios.map(r => r.name)"))) == 1
    thigh = case.get_by_role("radiogroup", name="vastus lateralis")
    for choice in ("0 normal", "1", "2", "3 severe", "not assessable"):
        expect(thigh.get_by_role("radio", name=choice)).to_have_count(1)


# Whether the element in focus, its group, or what is drawn for it has an outline or a shadow.
SHOWS_FOCUS = """() => {
  const focused = document.activeElement;
  return [focused, focused.nextElementSibling, focused.closest('[data-cell]')].filter(Boolean).some((drawn) => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(drawn);
    return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none';
  });
}"""


def test_focus_is_visible_wherever_it_goes(case):
    assert case.evaluate(SHOWS_FOCUS)
    for _ in range(11):
        press(case, ["ArrowDown"])
        assert case.evaluate(SHOWS_FOCUS), case.evaluate("document.activeElement.outerHTML")
    case.evaluate("document.activeElement.blur()")
    seen = set()
    for _ in range(25):
        press(case, ["Tab"])
        element = case.evaluate("document.activeElement.outerHTML")
        if element.startswith("<body"):
            continue
        seen.add(element)
        assert case.evaluate(SHOWS_FOCUS), element
    assert len(seen) > 15


def test_every_state_of_a_save_is_announced(case):
    status = case.locator("[data-announce]")
    expect(status).to_have_role("status")
    press(case, "1")
    expect(status).to_have_text("vastus lateralis 1. All saved")

    case.context.set_offline(True)
    press(case, "2")
    expect(status).to_contain_text("vastus medialis 2. No connection. 1 to send")
    case.context.set_offline(False)
    expect(status).to_have_text("vastus medialis 2. All saved")

    case.locator("[data-sign-off]").click()
    expect(status).to_have_text("Still to grade: 9.")


def test_announcements_are_there_before_they_are_filled(case):
    """A region that appears together with its words is often not read out."""
    assert case.locator("[data-announce][role=status]").inner_text() == ""


@pytest.mark.parametrize("open_dialog", DIALOGS)
def test_focus_returns_to_the_sheet(case, open_dialog):
    dialog = open_dialog(case)
    expect(dialog).to_be_visible()
    assert dialog.evaluate("dialog => dialog.contains(document.activeElement)")

    close(dialog, open_dialog)

    expect(dialog).to_be_hidden()
    expect(case.locator(FOCUS_BEFORE[open_dialog]).first).to_be_focused()


def close(dialog, opened_by) -> None:
    if opened_by is open_sign_in_again:
        dialog.get_by_label("Password").fill(PASSWORD)
        dialog.page.keyboard.press("Enter")
    elif opened_by is open_conflict:
        dialog.get_by_role("button", name="Not saved yet: 2").click()
    else:
        dialog.page.keyboard.press("Escape")
