"""What is measured of contrast in a table, where cells that look the same are measured once."""

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>A table</title><meta charset="utf-8"><style>
  body { background: #fff; color: #000; } button { background: #fff; } .faint { color: #ccc; }
  table { position: absolute; top: 200px; left: 0; } td { position: relative; height: 40px; }
  .lid { position: absolute; top: 200px; left: 0; width: 300px; height: 40px; background: #fff; }
  .grounded::before { content: ""; position: absolute; inset: 0; background: #fff; }
</style><main><h1>A table</h1>%s</main>"""
FAINT = '<span class="faint">NS</span>'


def faint(browser, *cells: str, beside: str = "") -> list[str]:
    """What is found too faint in a table with these cells, one below the other."""
    rows = "".join(f"<tr><td>{cell}</td></tr>" for cell in cells)
    page = browser.new_page()
    page.set_content(PAGE % f"<table>{rows}</table>{beside}")
    found = violations(page, ("light",))
    page.close()
    return [each for each in found if "color-contrast" in each]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ('<span class="faint">***</span>', FAINT),
        ('<b>Muscle <span class="faint">A</span></b>', '<b>Muscle <span class="faint">AB</span></b>'),
        ('<button class="faint" disabled>Sign</button>', '<button class="faint">Sign</button>'),
        ('<a class="faint" aria-disabled="true">Sign</a>', '<a class="faint">Sign</a>'),
        ('<span class="faint grounded">NS</span>', FAINT),
    ],
    ids=["signs", "one letter", "disabled", "said to be disabled", "a ground before it"],
)
def test_cell_that_is_not_decided_stands_for_no_other(browser, first, second):
    assert len(faint(browser, first, second, second)) == 1


def test_cell_under_something_stands_for_no_other(browser):
    assert len(faint(browser, FAINT, FAINT, FAINT, beside='<div class="lid"></div>')) == 2


def test_cells_that_look_the_same_are_measured_once(browser):
    assert len(faint(browser, FAINT, FAINT, FAINT)) == 1
