"""A study whose cases have scans, and its viewer."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.studies import ReadingStudy, make_reading_study
from tests.browser.viewer.giving import drawn, give_stacks

CASES = 3
STIR, T1W = 9, 5  # slices: 5 and 10 mm apart, over the same 40 mm
FAR = {"positions": [0.0, 10.0, 20.0, 30.0, 40.0]}

FITS = "canvas => canvas.width === canvas.clientWidth && canvas.height === canvas.clientHeight"


@pytest.fixture
def study(site):
    return make_scanned_study(site)


def make_scanned_study(site, sides: str = "both") -> ReadingStudy:
    """Each MRI has a STIR stack and a T1W stack with half as many slices over the same stretch."""
    study = make_reading_study(site, cases=CASES, sides=sides)
    kinds = (("STIR", STIR), ("T1W", T1W))
    stacks = {(f"M{n}", name): drawn(slices, seed=10 * n + slices) for n in range(CASES) for name, slices in kinds}
    give_stacks(site, study.slug, stacks, **{f"M{n} T1W": FAR for n in range(CASES)})
    return study


def stack(page: Page, name: str = "STIR") -> Locator:
    return page.get_by_role("slider", name=name)


def stands(page: Page, *, is_behind: bool = False) -> None:
    """Both stacks show a slice, as wide and as high as it is. A window behind another paints nothing."""
    for name in ("STIR", "T1W"):
        expect(stack(page, name)).to_be_visible()
        expect(stack(page, name).locator(".stack-state")).to_be_empty()
        if not is_behind:
            page.wait_for_function(FITS, polling=50, arg=stack(page, name).locator("canvas").element_handle())
