"""docs/images holds what pages show, and nothing else."""

from bench.screenshots import PICTURES
from tests.docs.pages import PAGES, ROOT, targets

IMAGES = ROOT / "docs" / "images"


def test_every_picture_is_shown_and_every_shown_one_is_there():
    shown = {(page.parent / target).resolve() for page in PAGES for target in targets(page, "image")}

    assert shown == set(IMAGES.iterdir())


def test_every_screenshot_is_taken_by_the_one_script():
    assert {picture.file for picture in PICTURES} == {path.name for path in IMAGES.glob("*.png")}
