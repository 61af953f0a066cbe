"""Makes the pictures in docs/images: python -m bench.screenshots

Serves a site of its own, with the demo and with studies of 3 and of 300 synthetic participants, and throws it away
afterwards. Needs a Chromium (CHROMIUM, or on the PATH).
"""

import os
import shutil
import tempfile
from pathlib import Path
from random import Random

from playwright.sync_api import Browser, Page, sync_playwright

from bench.served_site import gunicorn, prepared

PASSWORD = "thighsite-demo"
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
HEIGHTS = {1280: 800, 1920: 1080}  # by width
FIGURES = ("boxplots", "forest", "heatmap", "thighs", "grades")
SIZES = (3, 300)  # participants of the other studies


def main() -> None:
    IMAGES.mkdir(exist_ok=True)
    with prepared() as port:
        _load()
        with gunicorn(port), sync_playwright() as playwright:
            chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
            sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
            browser = playwright.chromium.launch(executable_path=chromium, args=[*sandbox, "--disable-gpu"])
            for theme in ("dark", "light"):
                for width in HEIGHTS:
                    _take_all(browser, f"http://localhost:{port}", theme, width)
            browser.close()


def _take_all(browser: Browser, address: str, theme: str, width: int) -> None:
    suffix = f"{theme}-{width}.png"
    grading_page(sign_in(browser, address, "reader1", theme, width), f"grading-{suffix}")
    page = sign_in(browser, address, "investigator", theme, width)
    for figure in FIGURES:
        comparison(page, "demo-complete", figure)
        name = "comparison" if figure == "boxplots" else figure
        page.screenshot(path=IMAGES / f"{name}-{suffix}", full_page=figure == "boxplots")
        for size in SIZES:
            comparison(page, f"of-{size}", figure)
            page.locator(".comparison-figure").screenshot(path=IMAGES / f"{figure}-of-{size}-{suffix}")
    for name in ("agreement", "text"):
        page.goto(f"/studies/demo-complete/{name}/")
        page.screenshot(path=IMAGES / f"{name}-{suffix}")
    page = sign_in(browser, address, "coordinator", theme, width)
    for name in ("data", "data/trail", "members"):
        page.goto(f"/studies/demo/{name}/")
        page.screenshot(path=IMAGES / f"{Path(name).name}-{suffix}")


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


def comparison(page: Page, study: str, figure: str) -> None:
    page.goto(f"/studies/{study}/comparison/" + ("" if figure == "boxplots" else f"?figure={figure}"))
    page.locator("[data-plot]:not([data-figure]) svg, .js-plotly-plot .main-svg").first.wait_for()


def sign_in(browser: Browser, address: str, username: str, theme: str, width: int) -> Page:
    context = browser.new_context(base_url=address, viewport={"width": width, "height": HEIGHTS[width]})
    context.add_cookies([{"name": "theme", "value": theme, "url": address}])
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)
    return page


def _load() -> None:
    """The demo, and a study of each size, for its investigator."""
    from django.core.management import call_command

    call_command("demo", "--no-serve", "-v0")
    for size in SIZES:
        study = ("--study", f"of-{size}")
        with tempfile.TemporaryDirectory() as folder:
            participants, grades = Path(folder, "participants.csv"), Path(folder, "grades.csv")
            participants.write_text(_participants(size))
            grades.write_text(_grades(size))
            call_command("import_participants", str(participants), *study, "--create", "-v0")
            call_command("import_grades", str(grades), *study, "--create-readers", "-v0")
        call_command("add_member", *study, "investigator", "--role", "investigator", "-v0")


def _participants(size: int) -> str:
    rows = [f"P{number:03},{('IMNM', 'DM')[number % 2]},M1" for number in range(size)]
    return "\n".join(["participant,group,mri", *rows]) + "\n"


def _grades(size: int) -> str:
    """Synthetic: the groups' patterns of the demo, more or less."""
    from grading.anatomy import MUSCLE_CODES

    random = Random(size)
    rows = ["participant,mri,reader,sequence,feature,muscle,score"]
    for number in range(size):
        severity = random.gauss(0, 0.6)
        for place, muscle in enumerate(MUSCLE_CODES):
            typical = 2.2 if (place in (5, 6, 8)) != bool(number % 2) else 1.0
            for reader in ("reader1", "reader2"):
                score = min(3, max(0, round(typical + severity + random.gauss(0, 0.5))))
                rows.append(f"P{number:03},M1,{reader},STIR,edema,{muscle},{score}")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
