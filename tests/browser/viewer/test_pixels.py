"""What stands on the canvas is what pydicom's windowing makes of the stored pixels, to the nearest of 256 greys."""

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.pixels import apply_modality_lut, apply_windowing

from tests.browser.browser_windows import windows
from tests.browser.studies import make_reading_study
from tests.browser.viewer.conftest import stack
from tests.browser.viewer.giving import give_stacks

pytestmark = pytest.mark.browser

BLOCKS, BLOCK = 16, 4  # of so many equal pixels: the middle of one is not touched by smoothing
MIDDLES = """(canvas, [blocks, share]) => {
  const side = Math.min(canvas.width, canvas.height);
  const [left, top] = [(canvas.width - side) / 2, (canvas.height - side) / 2];
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const at = (block, start) => Math.floor(start + ((block + 0.5) * side) / blocks);
  const grey = (row, column) => data[4 * (at(row, top) * canvas.width + at(column, left))];
  return Array.from({ length: blocks }, (_, row) => Array.from({ length: blocks }, (_, column) => grey(row, column)));
}"""
# dtype, lowest and highest stored, slope, intercept, MONOCHROME1, centre and width
KINDS = {
    "unsigned of 16 bits": ("u2", 0, 65_535, 1, 0, False, 30_000, 40_000),
    "unsigned of 12 bits": ("u2", 0, 4_095, 1, 0, False, 2_048, 4_096),
    "narrow window": ("u2", 0, 300, 1, 0, False, 150, 7),
    "signed": ("i2", -2_000, 3_000, 1, 0, False, 40, 400),
    "signed of 16 bits": ("i2", -32_768, 32_767, 1, 0, False, 0, 65_536),
    "rescaled": ("i2", -1_000, 1_000, 2.5, -300, False, 100, 3_000),
    "MONOCHROME1": ("u2", 0, 4_095, 1, 0, True, 1_500, 2_000),
    "8 bits": ("u1", 0, 255, 1, 0, False, 128, 256),
}


@pytest.fixture(scope="module")
def study(site):
    study = make_reading_study(site, cases=len(KINDS))
    stacks, geometry = {}, {}
    for number, kind in enumerate(KINDS):
        stacks[f"M{number}", "STIR"] = np.kron(blocks(kind), np.ones((BLOCK, BLOCK), blocks(kind).dtype))[None]
        *_, slope, intercept, inverted, centre, width = KINDS[kind]
        geometry[f"M{number} STIR"] = {
            "slope": slope, "intercept": intercept, "inverted": inverted, "window": (centre, width)
        }  # fmt: skip
    give_stacks(site, study.slug, stacks, **geometry)
    return study


@pytest.fixture(scope="module")
def window(browser, site, study):
    """One, in which a reader opens case after case."""
    with windows(browser, site.url) as visit:
        yield visit(study.reader, study.worklist)


def blocks(kind: str) -> np.ndarray:
    """The stored pixels of a kind: from the lowest to the highest."""
    dtype, low, high, *_ = KINDS[kind]
    return np.linspace(low, high, BLOCKS**2).round().astype(dtype).reshape(BLOCKS, BLOCKS)


def expected(kind: str) -> np.ndarray:
    """Greys from 0 to 255, as pydicom has them, not rounded."""
    stored = blocks(kind)
    _, _, _, slope, intercept, inverted, centre, width = KINDS[kind]
    image = Dataset()
    image.PhotometricInterpretation = "MONOCHROME1" if inverted else "MONOCHROME2"
    image.PixelRepresentation, image.BitsStored = int(stored.dtype.kind == "i"), 8 * stored.itemsize
    image.RescaleSlope, image.RescaleIntercept = slope, intercept
    image.WindowCenter, image.WindowWidth = centre, width
    windowed = apply_windowing(apply_modality_lut(stored, image), image).astype(float)
    lowest, highest = lowest_and_highest(image)
    greys = 255 * (windowed - lowest) / (highest - lowest)
    return 255 - greys if inverted else greys


def lowest_and_highest(image: Dataset) -> tuple[float, float]:
    """Between what pydicom's windowing runs: the lowest and the highest that the stored bits can hold, rescaled."""
    bits = image.BitsStored
    ends = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if image.PixelRepresentation else (0, 2**bits - 1)
    low, high = (end * float(image.RescaleSlope) + float(image.RescaleIntercept) for end in ends)
    return low, high


@pytest.mark.parametrize("kind", KINDS)
def test_canvas_shows_what_pydicom_computes(window, site, study, kind):
    number = list(KINDS).index(kind)
    ((read,),) = site.rows(
        "SELECT grading_read.id FROM grading_read JOIN grading_mri ON grading_mri.id = mri_id "
        "JOIN grading_study ON grading_study.id = grading_mri.study_id WHERE slug = %s AND grading_mri.code = %s",
        study.slug,
        f"M{number}",
    )
    window.goto(f"/reads/{read}/")
    stack(window).locator(".stack-state").wait_for(state="attached")
    window.wait_for_function("() => document.querySelector('.stack-state')?.textContent === ''")

    seen = np.array(stack(window).locator("canvas").evaluate(MIDDLES, [BLOCKS, BLOCK]))

    assert np.abs(seen - expected(kind)).max() <= 0.5 + 1e-6
    assert len(set(seen.ravel().tolist())) > 2
