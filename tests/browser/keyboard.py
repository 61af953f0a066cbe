"""What a reader's hand does on the grading page, and what the eye waits for."""

from playwright.sync_api import Page, expect

from grading.demo.load import PASSWORD

ALL = "VL VM VI RF BFSH BFLH SM ST ADD GR SA"
# How many entries the browser keeps a second copy of.
COPIES = """() => new Promise((resolve) => {
  indexedDB.open("thighsite", 1).onsuccess = ({ target }) => {
    const count = target.result.transaction("outbox").objectStore("outbox").count();
    count.onsuccess = () => resolve(count.result);
  };
})"""


def sign_in(page: Page, username: str) -> None:
    """On the page that asks for it."""
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/login/" not in url)


def open_case(page: Page) -> Page:
    """From the worklist to the case that comes next."""
    page.locator("a.primary").click()
    page.wait_for_url("**/reads/*/")
    return case_opened(page)


def case_opened(page: Page) -> Page:
    """Once its first muscle is in hand."""
    expect(page.locator("[data-cell] input").first).to_be_focused()
    return page


def beside(page: Page) -> Page:
    """A second window of the same browser, at the same page."""
    other = page.context.new_page()
    other.goto(page.url)
    return other


def press(page: Page, keys: str | list[str]) -> int:
    """Keys one after the other; how many."""
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def change_what_grades_mean(page: Page, key: str) -> None:
    """Another feature or sequence for a case with grades: asked about, and meant."""
    press(page, key)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    press(page, ["Enter"])


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="All saved")).to_be_visible()


def ask_to_sign(page: Page) -> str:
    """The rest graded 0, what is asked stands on the page; which case it is."""
    press(page, ".")
    saved(page)
    press(page, ["Enter"])
    expect(page.get_by_role("dialog")).to_be_visible()
    return page.locator("h1").inner_text()


def sign(page: Page) -> str:
    """As ask_to_sign, and signed off."""
    case = ask_to_sign(page)
    press(page, ["Enter"])
    expect(page.get_by_text(f"{case} signed off.")).to_be_visible()
    return case


def chosen(page: Page, cell: str) -> str | None:
    """The grade that a muscle (and side) shows; na for not assessable, None for none."""
    checked = page.locator(f'[data-cell="{cell}"] input:checked')
    return checked.get_attribute("value") if checked.count() else None
