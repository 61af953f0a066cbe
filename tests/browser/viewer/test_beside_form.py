"""The scan beside the form: scrolled in step, by wheel and by keys, and never in the way of grading."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.browser_windows import windows
from tests.browser.keyboard import ALL, chosen, open_case, press, saved
from tests.browser.test_small_screens import TOO_WIDE, too_small, unreachable
from tests.browser.viewer.conftest import CASES, STIR, make_scanned_study, stack, stands
from tests.browser.viewer.giving import drawn, give_stacks

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def window(browser, site):
    """The first case of a study of which nothing is entered."""
    with windows(browser, site.url) as visit:
        study = make_scanned_study(site)
        yield open_case(visit(study.reader, study.worklist))


@pytest.fixture
def page(window) -> Page:
    """One for all tests that only look, as it is when the case is opened."""
    window.set_viewport_size({"width": 1280, "height": 800})
    window.reload()
    expect(window.locator("[data-cell] input").first).to_be_focused()
    return window


def shows(page: Page, stir: str, t1w: str) -> None:
    expect(stack(page, "STIR")).to_have_attribute("aria-valuetext", stir)
    expect(stack(page, "T1W")).to_have_attribute("aria-valuetext", t1w)


def window_of(page: Page, name: str = "STIR") -> str:
    return stack(page, name).locator(".stack-window").inner_text()


def test_stacks_are_scrolled_in_step_by_millimetres(page):
    stands(page)
    shows(page, "5 of 9, 20.0 mm", "3 of 5, 20.0 mm")

    stack(page).hover()
    page.mouse.wheel(0, 100)
    page.mouse.wheel(0, 100)
    shows(page, "7 of 9, 30.0 mm", "4 of 5, 30.0 mm")
    stack(page, "T1W").hover()
    page.mouse.wheel(0, -100)
    shows(page, "5 of 9, 20.0 mm", "3 of 5, 20.0 mm")
    press(page, ["PageDown", "Shift+PageUp"])
    shows(page, "1 of 9, 0.0 mm", "1 of 5, 0.0 mm")
    expect(page.locator('[data-cell="VL"] input').first).to_be_focused()


def test_another_sequence_is_shown_at_the_place_and_size_of_the_one_before(visit, site, study):
    give_stacks(site, study.slug, {(f"M{n}", "T2FS"): drawn(STIR, seed=n) for n in range(CASES)})
    page = open_case(visit(study.reader, study.worklist))
    stands(page)
    stack(page).focus()
    press(page, ["+", "PageDown", "q"])

    expect(stack(page, "T2FS")).to_have_attribute("aria-valuenow", "6")
    for name in ("T2FS", "T1W"):
        expect(stack(page, name).locator(".stack-window")).to_contain_text("120 %")


@pytest.mark.parametrize(("sides", "keys", "most"), [("both", "2130x123012", 13), ("left right", "12" * 11, 24)])
def test_grading_takes_as_many_keys_with_the_viewer_open(visit, site, sides, keys, most):
    study = make_scanned_study(site, sides)
    page = open_case(visit(study.reader, study.worklist))

    for grades, at_most in ((keys, most), (".", 4)):  # the second is a normal scan
        first = page.url
        stands(page)
        strokes = press(page, grades)
        saved(page)
        strokes += press(page, ["Enter"])
        expect(page.get_by_role("dialog")).to_be_visible()
        strokes += press(page, ["Enter"])
        page.wait_for_url(lambda url, signed=first: url != signed)
        assert strokes <= at_most

    places = [f"{muscle}:{side}" for muscle in ALL.split() for side in sides.replace("both", "").split() or ["both"]]
    graded = sorted(place for muscle, side, _ in study.grades() if (place := f"{muscle}:{side}"))
    assert graded == sorted(places * 2)


def test_a_key_that_grades_does_so_while_a_stack_has_the_focus(visit, study):
    page = open_case(visit(study.reader, study.worklist))
    stands(page)
    stack(page).click()
    press(page, "2")
    stack(page, "T1W").click()
    press(page, "x")
    stack(page).click()
    press(page, "u")

    expect(page.locator('[data-cell="VM"] input:checked')).to_have_count(0)
    assert chosen(page, "VL") == "2"
    saved(page)


def test_keyboard_alone_suffices(page):
    stands(page)
    press(page, ["Shift+Tab"] * 30)  # back to the head, whatever lies between
    for _ in range(60):
        press(page, ["Tab"])
        if page.evaluate("document.activeElement.ariaLabel") == "STIR":
            break
    expect(stack(page)).to_be_focused()
    assert stack(page).evaluate("stack => getComputedStyle(stack).outlineStyle") == "solid"
    press(page, ["ArrowDown", "End", "ArrowUp"])
    shows(page, "8 of 9, 35.0 mm", "4 of 5, 30.0 mm")
    before = window_of(page)
    press(page, ["b", "w", "i", "+", "Shift+ArrowLeft"])
    expect(page.locator(".viewer [role=status]")).to_have_text("W 1,320 L 540 inverted")
    expect(stack(page).locator(".stack-window")).to_contain_text("W 1,320 L 540 inverted")
    expect(stack(page, "T1W").locator(".stack-window")).to_contain_text("120 %")
    press(page, "o")
    expect(stack(page).locator(".stack-window")).to_have_text(before)
    assert page.locator("[data-cell] input:checked").count() == 0


def test_right_button_changes_the_window_of_one_stack_and_the_wheel_with_ctrl_the_size_of_both(page):
    stands(page)
    first = window_of(page, "T1W")
    box = stack(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down(button="right")
    page.mouse.move(x + 40, y + 20)
    page.mouse.up(button="right")
    expect(stack(page).locator(".stack-window")).to_contain_text("W 1,320 L 660")
    assert window_of(page, "T1W") == first

    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    expect(stack(page, "T1W").locator(".stack-window")).to_contain_text("120 %")
    assert page.evaluate("visualViewport.scale") == 1


def test_one_stack_alone_and_both_again(page):
    stands(page)
    stack(page, "T1W").dblclick()
    expect(stack(page)).to_be_hidden()
    page.get_by_role("button", name="Two").click()
    expect(stack(page)).to_be_visible()


def test_it_says_what_it_is_not_for_and_how_large_and_which_way_about_things_are(page):
    stands(page)

    expect(page.get_by_text("Not for diagnosis")).to_be_visible()
    for letter in "RLAP":
        expect(stack(page).locator(".stack-letter", has_text=letter)).to_be_visible()
    expect(stack(page).locator(".stack-bar")).to_have_text("20 mm")


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)])
def test_all_of_it_stands_on_the_page_without_scrolling(page, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    stands(page)

    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(page.locator("[data-sign-off]")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-thighs]")).to_be_in_viewport(ratio=1)
    expect(stack(page, "T1W")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [(1024, 768), (768, 1024), (390, 844)])
def test_by_hand(visit, study, size):
    page = visit(study.reader, study.worklist, has_touch=True)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.locator("a.primary").tap()
    expect(stack(page).locator(".stack-state")).to_be_empty()

    assert not page.evaluate(TOO_WIDE)
    assert too_small(page) == []
    assert unreachable(page) == []
    expect(stack(page)).to_have_attribute("aria-valuenow", "5")
    fingers = page.context.new_cdp_session(page)
    box = stack(page).bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = lambda kind, *points: fingers.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + way} for way in points]}
    )
    touch("touchStart", 0)
    touch("touchMove", -9)
    touch("touchMove", -18)
    touch("touchEnd")
    expect(stack(page)).to_have_attribute("aria-valuenow", "7")
    touch("touchStart", -20, 20)
    touch("touchMove", -40, 40)
    touch("touchEnd")
    expect(stack(page).locator(".stack-window")).to_contain_text("200 %")


def test_it_is_accessible(page):
    stands(page)

    assert violations(page) == []
