"""What axe-core holds against a page by the rules of WCAG 2.2 AA.

What it leaves undecided ("incomplete") is of two kinds, looked through on every page in both themes. Contrast of words
in drawings, whose background axe cannot see: tests/analysis/figure/test_palette.py computes it, shade by shade. And
header cells that span a table as a compartment's heading, with rows below them instead of cells beside.
"""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

THEMES = ("dark", "light")
# Of what no rule is held against, axe need not gather and send each element.
ALONE = {"resultTypes": ["violations", "incomplete"]}
WCAG_22_AA = ALONE | {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
OF_COLOURS = ALONE | {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}  # all at AA
# In a table, cells whose words and grounds look the same have the same contrast: axe measures it in one of them, for it
# takes its time over each, and a page may have a thousand. In drawings it would decide nothing, see above. What axe
# passes over (signs alone, what is disabled) looks like nothing else here.
BUT_ONE = "data-looks-as-another"
LIKE_ONE_ANOTHER = """(mark) => {
  const ofContrast = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "textShadow"];
  const ofPlace = ["position", "visibility", "display", "filter", "mixBlendMode"];
  const ofPseudo = ["content", "position", "display", "backgroundColor", "backgroundImage"];
  const styles = (names, style) => names.map((name) => style[name]);
  const look = (element) => {
    const own = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE);
    const words = own.map((node) => node.data).join("").trim();
    return [
      element.localName, words.length > 1, /[\\p{L}\\p{Nd}]/u.test(words),
      element.closest(":disabled, [aria-disabled=true]") !== null,
      ...styles([...ofContrast, ...ofPlace], getComputedStyle(element)),
      ...["::before", "::after"].flatMap((pseudo) => styles(ofPseudo, getComputedStyle(element, pseudo))),
    ].join();
  };
  window.alike = [];
  for (const table of document.querySelectorAll("table")) {
    const seen = new Map();
    for (const cell of table.querySelectorAll("td")) {
      const parts = [cell.closest("tbody, thead, tfoot"), cell.closest("tr"), cell, ...cell.querySelectorAll("*")];
      const whole = parts.filter(Boolean).map(look).join(";");
      cell.toggleAttribute(mark, seen.has(whole));
      seen.set(whole, [...(seen.get(whole) ?? []), cell]);
    }
    window.alike.push(...seen.values());
  }
}"""
# Where axe cannot decide about that one, as when something else lies over it, the others are measured after all. Of
# one letter alone it never decides, and all that look as it does have one.
MEASURE = """async ([rules, ofColours, mark]) => {
  const { violations, incomplete } = await axe.run(rules);
  const nodes = incomplete.filter(({ id }) => id === "color-contrast").flatMap(({ nodes }) => nodes);
  const undecided = nodes.filter(({ any }) => any[0]?.data?.messageKey !== "shortTextContent");
  const cells = new Set(undecided.map(({ target }) => document.querySelector(target[0])?.closest("td")));
  const others = window.alike.filter((like) => cells.has(like[0])).flatMap(([, ...rest]) => rest);
  if (others.length === 0) return violations;
  others.forEach((cell) => cell.removeAttribute(mark));
  return [...violations, ...(await axe.run({ include: others }, ofColours)).violations];
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
        for rule in page.evaluate(MEASURE, [rules, OF_COLOURS, BUT_ONE]):
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
