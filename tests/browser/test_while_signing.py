"""Between asking to sign a case off and the next case: nothing is swallowed, and there is a way on whatever fails."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.keyboard import ALL, ask_to_sign, case_opened, open_case, press, saved, sign
from tests.browser.studies import grades_of, make_reading_study
from tests.browser.test_nothing_lost import FAILURES, await_first, sign_in_here
from tests.browser.test_where_things_stand import FILL, sign_in_in_another_tab

pytestmark = pytest.mark.browser


@pytest.fixture
def study(site):
    return make_reading_study(site, cases=2)


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    return (*FAILURES, "ERR_FAILED")


def asked(page: Page):
    return page.get_by_role("dialog", name="Sign off case")


class Held:
    """Requests that are kept waiting, until ``then`` says what becomes of them and of those after them."""

    def __init__(self, page: Page, pattern: str):
        self.routes: list[Route] = []
        self.then: Callable[[Route], None] = self.routes.append
        page.route(pattern, lambda route: self.then(route))

    def go_on(self) -> None:
        self.then = Route.continue_
        for route in self.routes:
            route.continue_()


def lose_the_answer(route: Route) -> None:
    route.fetch()
    route.abort()


# Enter, too early ----------------------------------------------------------------------------------------------------


def test_enter_while_grades_are_saved_is_refused_aloud(page, study):
    grades = Held(page, "**/grades/")
    press(page, ["."])
    press(page, ["Enter"])
    expect(page.get_by_text("Signing off as soon as everything is saved.")).to_be_visible()
    press(page, ["Enter"])
    expect(page.get_by_text("Not taken: the summary comes first")).to_be_visible()
    grades.go_on()

    expect(asked(page)).to_be_visible()
    press(page, ["Enter"])
    expect(page.locator(".message")).to_contain_text("signed off.")


def test_who_has_gone_on_to_something_else_is_not_asked_to_sign(page, study):
    grades = Held(page, "**/grades/")
    press(page, ["."])
    press(page, ["Enter"])
    expect(page.get_by_text("Signing off as soon as everything is saved.")).to_be_visible()
    page.get_by_text("Nothing of this case can be assessed").click()
    grades.go_on()
    saved(page)

    expect(asked(page)).to_be_hidden()
    page.locator("[data-cell=VL] input").first.focus()
    press(page, ["3"])
    saved(page)
    expect(asked(page)).to_be_hidden()


def test_enter_while_the_summary_is_fetched_is_refused_aloud(visit, study):
    page = visit(study.reader)
    script = Held(page, "**/sign-off.*js")  # before the case, which fetches it once it has stood for a while
    page.goto(study.first_case)
    case_opened(page)
    press(page, ["."])
    saved(page)
    press(page, ["Enter", "Enter"])
    expect(asked(page)).to_be_hidden()
    script.go_on()

    expect(asked(page).get_by_text("Not taken: an Enter before this stood.")).to_be_visible()
    press(page, ["Enter"])
    expect(page.locator(".message")).to_contain_text("signed off.")


# What fails meanwhile ------------------------------------------------------------------------------------------------


def test_lost_answer_leaves_a_way_to_what_is_stored(page):
    page.route("**/sign-off/", lose_the_answer)
    case = ask_to_sign(page)
    press(page, ["Enter"])
    expect(page.get_by_text("No answer: it may or may not be signed off.")).to_be_visible()
    press(page, "u")
    expect(page.get_by_text("This read is signed off: its grades are frozen.")).to_be_visible()

    page.get_by_role("link", name="Show what is stored").click()
    expect(page.get_by_text("The grades are frozen.")).to_be_visible()
    page.get_by_role("button", name=f"Take the sign-off of {case[0].lower()}{case[1:]} back").click()
    expect(page.get_by_text(f"{case} is open again")).to_be_visible()


def test_session_that_ends_meanwhile_asks_for_the_password_and_goes_on(page, site, study):
    case = ask_to_sign(page)
    site.rows("DELETE FROM django_session RETURNING 1")
    press(page, ["Enter"])
    sign_in_here(page)
    expect(page.get_by_text(f"{case} signed off.")).to_be_visible()

    site.rows("DELETE FROM django_session RETURNING 1")
    press(page, "1")
    sign_in_here(page)
    saved(page)
    assert len(study.grades()) == 11 + 1


def test_full_storage_stops_no_swap(page, study):
    page.evaluate(FILL)
    sign(page)
    press(page, "12u")
    saved(page)
    assert len(study.grades()) == 11 + 1


def test_server_that_is_killed_meanwhile(visit_mortal, mortal_site):
    study = make_reading_study(mortal_site, cases=2)
    page = open_case(visit_mortal(study.reader, study.worklist))
    ask_to_sign(page)
    mortal_site.kill()
    press(page, ["Enter"])
    expect(page.get_by_text("No answer: it may or may not be signed off.")).to_be_visible()
    mortal_site.start()

    press(page, ["Enter"])
    expect(asked(page)).to_be_visible()
    press(page, ["Enter"])
    expect(page.locator(".message")).to_contain_text("signed off.")
    press(page, "3")
    saved(page)
    assert len(study.grades()) == 11 + 1


# What is kept --------------------------------------------------------------------------------------------------------


def test_what_was_refused_of_another_case_says_which_case_and_muscle(page):
    grades = Held(page, "**/grades/")
    case = page.locator("h1").inner_text()
    press(page, "1")
    await_first(grades.routes, page)  # else it might be refused here
    frozen = {"error": "This read is signed off: its grades are frozen. Nothing was changed."}
    grades.then = lambda route: route.fulfill(status=423, json=frozen)
    page.get_by_role("link", name="Next").click()

    expect(page.locator("[data-announce]")).to_contain_text(f"Not saved: {case}, vastus lateralis. This read is signed")


def test_kept_form_is_sent_again_once_after_signing_in(page, site, study):
    sign(page)
    site.rows("DELETE FROM django_session RETURNING 1")
    page.get_by_role("button", name="Take the sign-off").click()
    expect(page.get_by_role("heading", name="Not sent yet")).to_be_visible()
    sign_in_in_another_tab(page.context, study.reader)

    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("is open again")).to_be_visible()
    assert grades_of(study, ALL) == "0" * 11
