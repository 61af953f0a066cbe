"""Nothing lies beside the screen, from 320 to 1920 px, and what is touched is large enough for a finger."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.browser_windows import FINGER
from tests.browser.keyboard import open_case
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

WIDTHS = [*range(320, 1921, 20), 561, 701, 961, 1070]  # in steps, and just past each width at which pages change
# What is pressed and lies past an edge of the screen, or in a box that cuts it off; "page" if the whole page is wider.
OUTSIDE = """() => [
  ...(document.documentElement.scrollWidth > document.documentElement.clientWidth ? ["page"] : []),
  ...[...document.querySelectorAll("main :is(a, button, input, textarea, select), .site-header :is(a, button)")]
    .filter((target) => target.checkVisibility() && !target.closest(".table-wrap"))
    .filter((target) => {
      const { left, right, width } = target.getBoundingClientRect();
      return width && (left < -0.5 || right > document.documentElement.clientWidth + 0.5);
    })
    .map((target) => target.outerHTML.slice(0, 120)),
]"""
# What is pressed and is narrower or lower than 44 px; within a sentence only its height counts (WCAG 2.5.5).
TOO_SMALL = """() => [...document.querySelectorAll("a, button, input, textarea, select, summary")]
  .filter((target) => target.checkVisibility({ visibilityProperty: true }) && target.type !== "hidden")
  .map((target) => {
    const { width, height } = (target.closest("label") ?? target).getBoundingClientRect();
    return [target.outerHTML.slice(0, 120), target.closest("p") ? 44 : width, height];
  })
  .filter(([, width, height]) => width < 43.5 || height < 43.5)"""
# Names of muscles that are shown and cut off, or lie over something; a narrow row has the muscle's code alone.
CUT = """() => [...document.querySelectorAll(".muscle-name")].filter((name) => {
  if (!name.checkVisibility()) return false;
  const [own, row] = [name.getBoundingClientRect(), name.closest(".muscle-row").getBoundingClientRect()];
  return name.scrollWidth > name.clientWidth + 1 || own.top < row.top || own.bottom > row.bottom;
}).map((name) => name.textContent)"""


@pytest.fixture(scope="module")
def studies(site):
    return {
        "together": make_reading_study(site, cases=1),
        "apart": make_reading_study(site, cases=1, sides="left right"),
    }


def at_every_width(page: Page, *scripts: str) -> dict[int, list]:
    """Return what the scripts find at each width at which they find anything.

    The browser itself is told the width: Playwright does more for it, which takes twice the time.
    """
    browser, is_phone = page.context.new_cdp_session(page), page.evaluate("matchMedia('(pointer: coarse)').matches")
    screen = {"height": 800, "screenHeight": 800, "deviceScaleFactor": 1, "mobile": is_phone}
    both = f"() => [{', '.join(scripts)}].flatMap((script) => script())"
    found = {}
    for width in sorted(WIDTHS):
        browser.send("Emulation.setDeviceMetricsOverride", {**screen, "width": width, "screenWidth": width})
        if there := page.evaluate(both):
            found[width] = there
    browser.detach()
    return found


@pytest.mark.parametrize("hand", ["mouse", "finger"])
@pytest.mark.parametrize("sides", ["together", "apart"])
def test_nothing_lies_beside_the_screen(visit, studies, sides, hand):
    study = studies[sides]
    page = visit(study.reader, study.worklist, **(FINGER if hand == "finger" else {}))
    assert page.evaluate("matchMedia('(pointer: coarse)').matches") == (hand == "finger")
    assert at_every_width(page, OUTSIDE) == {}
    open_case(page)
    assert at_every_width(page, OUTSIDE, CUT) == {}
    page.goto(study.worklist + "list/")
    expect(page.get_by_role("heading", name="Reading list")).to_be_visible()
    assert at_every_width(page, OUTSIDE) == {}


@pytest.mark.parametrize("sides", ["together", "apart"])
def test_targets_are_large_enough_for_a_finger(visit, studies, sides):
    study = studies[sides]
    page = visit(study.reader, study.worklist, **FINGER)
    assert at_every_width(page, TOO_SMALL) == {}
    open_case(page)
    assert at_every_width(page, TOO_SMALL) == {}
