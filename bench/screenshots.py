"""Makes the pictures that README and guides show, in docs/images: python -m bench.screenshots

Serves a site of its own with the demo, and throws it away afterwards. Needs a Chromium (CHROMIUM, or on the PATH).
"""

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.served_site import gunicorn, prepared

PASSWORD = "thighsite-demo"
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WINDOW = {"width": 1280, "height": 800}


def main() -> None:
    with prepared() as port:
        from django.core.management import call_command

        call_command("demo", "--no-serve", "-v0")
        with gunicorn(port), sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-gpu"])
            for picture in PICTURES:
                take(picture, browser, f"http://localhost:{port}")
            browser.close()


def grade_eight_muscles(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Thigh MRI (demo)").click()
    page.locator("a.primary").click()
    page.wait_for_url("**/reads/*/")
    page.get_by_role("radiogroup", name="vastus lateralis").locator("input").first.focus()
    for key in "23302x31":
        page.keyboard.press(key)
    page.get_by_text("All saved").wait_for()


def compare_the_groups(page: Page) -> None:
    page.goto("/studies/demo-complete/comparison/")
    page.locator(".js-plotly-plot .main-svg").first.wait_for()


def open_page(path: str) -> Callable[[Page], object]:
    return lambda page: page.goto(path)


@dataclass(frozen=True)
class Picture:
    """One picture: who is signed in, in which theme, and what they do before it is taken."""

    file: str
    username: str
    theme: str
    prepare: Callable[[Page], object]
    of_the_whole_page: bool = False


# tests/docs/test_pictures.py holds that a page shows each of them. In this order: the trail tells of the grades.
PICTURES = (
    Picture("grading.png", "reader1", "dark", grade_eight_muscles),
    Picture("comparison.png", "investigator", "light", compare_the_groups, of_the_whole_page=True),
    Picture("agreement.png", "investigator", "light", open_page("/studies/demo-complete/agreement/")),
    Picture("data.png", "coordinator", "light", open_page("/studies/demo/data/")),
    Picture("trail.png", "coordinator", "light", open_page("/studies/demo/data/trail/")),
)


def take(picture: Picture, browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport=WINDOW)
    context.add_cookies([{"name": "theme", "value": picture.theme, "url": address}])
    page = context.new_page()
    sign_in(page, picture.username)
    picture.prepare(page)
    page.screenshot(path=IMAGES / picture.file, full_page=picture.of_the_whole_page)
    context.close()


def sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


if __name__ == "__main__":
    main()
