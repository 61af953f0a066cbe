"""With sides apart, everything that is pressed lies on the screen, however wide that is."""

import pytest

from tests.browser.keyboard import open_case
from tests.browser.studies import make_reading_study

pytestmark = pytest.mark.browser

OUTSIDE = """() => [...document.querySelectorAll("[data-cell] input, .sheet-foot button, [data-description]")]
  .map((element) => element.getBoundingClientRect())
  .filter(({ width, left, right }) => width && (left < 0 || right > document.documentElement.clientWidth)).length"""


def test_grades_lie_on_the_screen_at_every_width(visit, site):
    study = make_reading_study(site, cases=1, sides="left right")
    page = open_case(visit(study.reader, study.worklist))
    found = {}

    for width in (600, 800, 960, 961, 1000, 1070, 1100, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = page.evaluate(OUTSIDE), page.evaluate("() => document.documentElement.scrollWidth > innerWidth")

    assert found == dict.fromkeys(found, (0, False))
