"""Pixels as pydicom has them, and nothing in their unused bits; windows as pydicom applies them."""

import io
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom import uid
from pydicom.pixels import apply_modality_lut, apply_windowing

from grading.stacks.manifest import Manifest
from tests.grading.stacks.dicom_files import as_file, as_files, make_enhanced, make_series, make_slice, pixels_for
from tests.grading.stacks.uploads import read_files

SHIPPED = Path(pydicom.__file__).parent / "data/test_files"
SHIPPED_MR = [
    "MR_small.dcm",
    "MR_small_RLE.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_expb.dcm",
    "MR_small_implicit.dcm",
    "MR_small_jp2klossless.dcm",
    "MR_small_jpeg_ls_lossless.dcm",
    "MR_small_padded.dcm",
]


def shown(manifest: Manifest, pixels: np.ndarray) -> np.ndarray:
    """Show stored pixels in the stack's window, from 0 for black to 1 for white (PS3.3 C.11.2.1.2.1)."""
    values = pixels * manifest.slope + manifest.intercept
    centre, width = manifest.window
    grey = np.clip((values - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)
    return 1 - grey if manifest.inverted else grey


@pytest.mark.filterwarnings("ignore:The pixel data is 8320 bytes long")
@pytest.mark.parametrize("name", SHIPPED_MR)
def test_mr_files_that_pydicom_ships_have_its_pixels(name):
    expected = pydicom.dcmread(SHIPPED / name)

    stack = read_files((SHIPPED / name).read_bytes()).stack

    np.testing.assert_array_equal(stack.pixels[0], expected.pixel_array)
    assert stack.manifest.window == (600, 1600)
    assert stack.manifest.letters == {"left": "R", "right": "L", "top": "A", "bottom": "P"}


@pytest.mark.parametrize(
    ("dtype", "changed"),
    [
        ("<u2", {}),
        ("<i2", {}),
        ("u1", {}),
        ("i1", {}),
        ("<u2", {"BitsStored": 12, "HighBit": 11}),
        ("<i2", {"BitsStored": 12, "HighBit": 11}),
        ("<u2", {"PhotometricInterpretation": "MONOCHROME1"}),
        ("<i2", {"RescaleSlope": 2.5, "RescaleIntercept": -1024}),
        ("<u2", {"RescaleSlope": 0.5, "RescaleIntercept": 100, "PhotometricInterpretation": "MONOCHROME1"}),
    ],
)
def test_pixels_and_windows_are_those_of_pydicom(dtype, changed):
    limits = np.iinfo(np.dtype(dtype))
    stored = changed.get("BitsStored", limits.bits)
    lowest = -(2 ** (stored - 1)) if limits.min < 0 else 0
    pixels = np.linspace(lowest, lowest + 2**stored - 1, 48 * 64).astype(dtype).reshape(48, 64)
    values = pixels.astype(float) * changed.get("RescaleSlope", 1) + changed.get("RescaleIntercept", 0)
    window = (round(float(np.median(values))), round(float(np.ptp(values) / 4)))
    dataset = make_slice(pixels=pixels, WindowCenter=window[0], WindowWidth=window[1], **changed)
    file = as_file(dataset)

    stack = read_files(file).stack

    np.testing.assert_array_equal(stack.pixels[0], dataset.pixel_array)
    assert stack.manifest.window == window
    expected = apply_windowing(apply_modality_lut(dataset.pixel_array, dataset), dataset)
    span = expected.max() - expected.min()
    grey = (expected - expected.min()) / span
    inverted = changed.get("PhotometricInterpretation") == "MONOCHROME1"
    np.testing.assert_allclose(shown(stack.manifest, stack.pixels[0]), 1 - grey if inverted else grey, atol=1e-6)


@pytest.mark.parametrize("syntax", [uid.ImplicitVRLittleEndian, uid.ExplicitVRLittleEndian, uid.ExplicitVRBigEndian])
def test_pixels_come_whatever_way_numbers_are_written(syntax):
    pixels = pixels_for(0, ">i2" if syntax == uid.ExplicitVRBigEndian else "<i2")

    stack = read_files(as_file(make_slice(pixels=pixels), syntax)).stack

    np.testing.assert_array_equal(stack.pixels[0], pixels)


@pytest.mark.parametrize("kind", ["OB", "OW"])
def test_big_endian_pixels_of_8_bits_come_in_their_order_alone_and_in_words(kind):
    pixels = pixels_for(0, "u1")
    dataset = make_slice(pixels=pixels if kind == "OB" else pixels.view("<u2").byteswap().view("u1"))
    dataset["PixelData"].VR = kind
    file = as_file(dataset, uid.ExplicitVRBigEndian)

    np.testing.assert_array_equal(read_files(file).stack.pixels[0], pydicom.dcmread(io.BytesIO(file)).pixel_array)
    np.testing.assert_array_equal(read_files(file).stack.pixels[0], pixels)


@pytest.mark.parametrize("syntax", [uid.JPEG2000Lossless, uid.JPEGLSLossless, uid.RLELossless])
@pytest.mark.parametrize("dtype", ["<u2", "<i2", "u1"])
def test_compressed_pixels_are_those_that_were_compressed(syntax, dtype):
    series = [make_slice(number, pixels=pixels_for(number, dtype)) for number in range(2)]

    stack = read_files(*as_files(series, compress=syntax)).stack

    assert [note.split(".")[0] for note in stack.notes] == ["The images came compressed"]
    for number, pixels in enumerate(stack.pixels):
        np.testing.assert_array_equal(pixels, pixels_for(number, dtype))


@pytest.mark.parametrize("compress", [None, uid.JPEG2000Lossless, uid.JPEGLSLossless, uid.RLELossless])
def test_each_image_of_a_multi_frame_file_has_its_own_pixels(compress):
    positions = [[-150, -100, z] for z in (-6.6, 0, -13.2)]
    file = as_file(make_enhanced(3, frames=[{"position": position} for position in positions]), compress=compress)

    stack = read_files(file).stack

    assert stack.manifest.positions == (0.0, 6.6, 13.2)
    for pixels, number in zip(stack.pixels, (1, 0, 2), strict=True):
        np.testing.assert_array_equal(pixels, pixels_for(number))
    assert (stack.manifest.slope, stack.manifest.intercept) == (2, -10)
    assert stack.manifest.window == (800, 1600)
    assert (stack.sequence, stack.because) == (
        "STIR",
        "Repetition time 4,000 ms and echo time 45 ms and inversion time 160 ms, as STIR has.",
    )


@pytest.mark.parametrize("signed", [False, True])
def test_what_stands_above_the_stored_bits_is_gone(signed):
    """As overlays did, of which a patient's name may be part."""
    pixels = pixels_for(0, "<u2") | 0xF000

    stack = read_files(
        as_file(make_slice(pixels=pixels, BitsStored=12, HighBit=11, PixelRepresentation=int(signed)))
    ).stack

    np.testing.assert_array_equal(stack.pixels[0], pixels_for(0))


def test_what_stands_below_the_stored_bits_is_gone():
    pixels = (pixels_for(0, "<i2") - 500 << 4) | 0xB

    stack = read_files(as_file(make_slice(pixels=pixels, BitsStored=12, HighBit=15))).stack

    np.testing.assert_array_equal(stack.pixels[0], pixels_for(0, "<i2") - 500)


def test_padding_has_no_part_in_a_computed_window():
    pixels = pixels_for(0, "<i2")
    pixels[:24] = -32768

    stack = read_files(as_file(make_slice(pixels=pixels, PixelPaddingValue=-32768))).stack

    centre, width = stack.manifest.window
    assert centre - width / 2 >= 0
    assert centre + width / 2 <= 1001


def test_an_exact_window_is_the_linear_one_that_shows_alike():
    dataset = make_slice(WindowCenter=500, WindowWidth=200, VOILUTFunction="LINEAR_EXACT")
    file = as_file(dataset)

    stack = read_files(file).stack

    expected = apply_windowing(dataset.pixel_array, dataset) / (2**16 - 1)
    np.testing.assert_allclose(shown(stack.manifest, stack.pixels[0]), expected, atol=1e-6)


@pytest.mark.parametrize(
    "changed",
    [
        {"WindowCenter": 19700102, "WindowWidth": 400},
        {"WindowCenter": 500, "WindowWidth": 19700102},
        {"WindowCenter": 500, "WindowWidth": 0},
        {"WindowCenter": [500, 400], "WindowWidth": 300},
        {"WindowCenter": 500},
        {"WindowCenter": 500, "WindowWidth": 300, "VOILUTFunction": "SIGMOID"},
    ],
)
def test_a_window_that_cannot_be_is_replaced_by_one_of_the_pixels(changed):
    manifest = read_files(*as_files(make_series(**changed))).stack.manifest

    assert manifest.windows == ()
    assert 300 < manifest.window[0] < 700
    assert 600 < manifest.window[1] < 1002


def test_presets_of_the_file_are_kept_in_order_and_once():
    changed = {"WindowCenter": [500, 300, 500], "WindowWidth": [800, 100, 800]}

    manifest = read_files(*as_files(make_series(**changed))).stack.manifest

    assert manifest.windows == ((500, 800), (300, 100))
    assert manifest.window == (500, 800)


def test_values_too_small_to_be_told_apart_are_shown_as_they_are_stored():
    manifest = read_files(*as_files(make_series(RescaleSlope=0.001, WindowCenter=0.5, WindowWidth=1))).stack.manifest

    assert (manifest.slope, manifest.intercept, manifest.windows) == (1, 0, ())
    assert manifest.window[1] > 600
