"""What axe-core holds against a page by the rules of WCAG 2.2 AA.

What it leaves undecided ("incomplete") is of two kinds, looked through on every page in both themes. Contrast of words
in drawings, whose background axe cannot see: tests/analysis/figure/test_palette.py computes it, shade by shade. And
header cells that span a table as a compartment's heading, with rows below them instead of cells beside.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

THEMES = ("dark", "light")
# Of what no rule is held against, axe need not gather and send each element.
ALONE = {"resultTypes": ["violations"]}
WCAG_22_AA = ALONE | {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
OF_COLOURS = ALONE | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # all at AA
# In a table, cells whose words and grounds look the same have the same contrast: axe measures it in one of them, for it
# takes its time over each, and a page may have a thousand. In drawings it would decide nothing, see above.
BUT_ONE = "data-looks-as-another"
LIKE_ONE_ANOTHER = """(mark) => {
  const ofContrast = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow"];
  const ofPlace = ["position", "visibility", "display", "filter", "mixBlendMode"];
  const look = (element) => {
    const style = getComputedStyle(element);
    return [...ofContrast, ...ofPlace].map((name) => style[name]).join();
  };
  for (const table of document.querySelectorAll("table")) {
    const seen = new Set();
    for (const cell of table.querySelectorAll("td")) {
      const parts = [cell.closest("tbody, thead, tfoot"), cell.closest("tr"), cell, ...cell.querySelectorAll("*")];
      const whole = [cell.innerText.trim().length > 1, ...parts.map(look)].join(";");
      cell.toggleAttribute(mark, seen.has(whole));
      seen.add(whole);
    }
  }
}"""
MEASURED = f"*:not([{BUT_ONE}], [{BUT_ONE}] *, svg *)"
CONFIGURE = f"axe.configure({{ rules: [{{ id: 'color-contrast', selector: '{MEASURED}' }}] }})"
_axe = Axe()


def violations(page: Page, themes: tuple[str, ...] = THEMES) -> list[str]:
    """Of the page as it stands: every rule in the first theme, and what colours can break in the others."""
    found = []
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe.axe_script)
        page.evaluate(CONFIGURE)
    for theme in themes:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        rules = WCAG_22_AA if theme == themes[0] else OF_COLOURS
        page.evaluate(LIKE_ONE_ANOTHER, BUT_ONE)
        for rule in page.evaluate("rules => axe.run(rules).then(({ violations }) => violations)", rules):
            found += [f"{theme}, {rule['id']}: {node['html']}: {node['failureSummary']}" for node in rule["nodes"]]
    return found


def violations_at(page: Page, *paths: str, themes: tuple[str, ...] = THEMES) -> dict[str, list[str]]:
    """Of each of these pages that has any, with everything folded unfolded and figures drawn."""
    return {path: found for path in paths if (found := violations(unfolded(page, path), themes))}


def unfolded(page: Page, path: str) -> Page:
    page.goto(path)
    for figure in page.locator("[data-plot][data-figure]").all():
        expect(figure.locator(".main-svg .xtick text").first).to_be_visible()
    page.locator("details").evaluate_all("folds => folds.forEach(fold => { fold.open = true })")
    return page
