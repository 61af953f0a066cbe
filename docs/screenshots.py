"""Makes the pictures in docs/images from the running demo: python docs/screenshots.py [ADDRESS]

Needs a Chromium (CHROMIUM, or on the PATH). The first reader's next case gets a few grades on the way; nothing is
signed off.
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PASSWORD = "thighsite-demo"
IMAGES = Path(__file__).parent / "images"
SIZES = {1280: 800, 1920: 1080}


def main(address: str = "http://localhost:8000") -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=sandbox)
        for theme in ("dark", "light"):
            for width in SIZES:
                grading_page(sign_in(browser, address, "reader1", theme, width), f"grading-{theme}-{width}.png")
                comparison(sign_in(browser, address, "investigator", theme, width), f"comparison-{theme}-{width}.png")
        browser.close()


def grading_page(page: Page, name: str) -> None:
    page.goto("/")
    page.get_by_role("link", name="Thigh MRI (demo)").click()
    page.locator("a.primary").click()
    page.wait_for_url("**/reads/*/")
    page.get_by_role("radiogroup", name="vastus lateralis").locator("input").first.focus()
    for key in "23302x31":
        page.keyboard.press(key)
    page.get_by_text("8 of 11 graded").wait_for()
    page.screenshot(path=IMAGES / name)


def comparison(page: Page, name: str) -> None:
    page.goto("/studies/demo-complete/comparison/")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()
    page.screenshot(path=IMAGES / name, full_page=True)


def sign_in(browser: Browser, address: str, username: str, theme: str, width: int) -> Page:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": SIZES[width]})
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


if __name__ == "__main__":
    main(*sys.argv[1:])
