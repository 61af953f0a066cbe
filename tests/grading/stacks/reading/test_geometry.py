"""Where slices lie: their order from head to feet, positions in mm, and the letters at their sides."""

import math

import numpy as np
import pytest

from grading.stacks.reading.place import letters_of
from tests.grading.stacks.dicom_files import AXIAL, as_file, as_files, as_zip, make_series, make_slice, pixels_for
from tests.grading.stacks.uploads import read_files

CORONAL, SAGITTAL = (1, 0, 0, 0, 0, -1), (0, 1, 0, 0, 0, -1)
FEET_FIRST_PRONE = (-1, 0, 0, 0, -1, 0)


def turned(degrees: float) -> tuple[float, ...]:
    """The rows of axial slices, turned about the patient's length, as where somebody lies on a hip."""
    angle = math.radians(degrees)
    return (math.cos(angle), math.sin(angle), 0, -math.sin(angle), math.cos(angle), 0)


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_axial_slices_run_from_head_to_feet_in_whatever_order_they_come(order):
    series = make_series(3)

    stack = read_files(as_zip(as_files([series[number] for number in order]))).stack

    assert stack.manifest.positions == (0.0, 6.6, 13.2)
    for number, pixels in enumerate(stack.pixels):
        np.testing.assert_array_equal(pixels, pixels_for(number))


def test_slices_that_were_numbered_from_the_feet_are_shown_from_the_head():
    upwards = [make_slice(number, ImagePositionPatient=[-150, -100, 6.6 * number]) for number in range(3)]

    stack = read_files(*as_files(upwards)).stack

    assert stack.manifest.positions == (-13.2, -6.6, 0.0)
    np.testing.assert_array_equal(stack.pixels[0], pixels_for(2))


@pytest.mark.parametrize(
    ("orientation", "direction", "positions"),
    [
        (CORONAL, (0, 1, 0), (0.0, 5.0, 10.0)),  # from front to back
        (SAGITTAL, (1, 0, 0), (0.0, 5.0, 10.0)),  # from right to left
        (FEET_FIRST_PRONE, (0, 0, -1), (0.0, 5.0, 10.0)),  # from head to feet
    ],
)
def test_upright_slices_and_turned_ones_have_an_order_of_their_own(orientation, direction, positions):
    series = [
        make_slice(
            number,
            ImageOrientationPatient=[*orientation],
            ImagePositionPatient=[5.0 * number * along for along in direction],
        )
        for number in (2, 0, 1)
    ]

    stack = read_files(*as_files(series)).stack

    assert stack.manifest.positions == positions
    np.testing.assert_array_equal(stack.pixels[0], pixels_for(0))


@pytest.mark.parametrize(
    ("orientation", "letters"),
    [
        (AXIAL, ("R", "L", "A", "P")),
        (FEET_FIRST_PRONE, ("L", "R", "P", "A")),
        ((-1, 0, 0, 0, 1, 0), ("L", "R", "A", "P")),
        (CORONAL, ("R", "L", "H", "F")),
        (SAGITTAL, ("A", "P", "H", "F")),
        (turned(10), ("R", "L", "A", "P")),
        (turned(20), ("RA", "LP", "AL", "PR")),
        (turned(-30), ("RP", "LA", "AR", "PL")),
        (turned(70), ("AR", "PL", "LA", "RP")),
    ],
)
def test_letters_name_what_lies_beyond_each_side(orientation, letters):
    assert tuple(letters_of(orientation).values()) == letters


def test_pixels_that_are_not_square_keep_their_spacing():
    stack = read_files(*as_files(make_series(2, PixelSpacing=[0.5, 1.25]))).stack

    assert stack.manifest.spacing == (0.5, 1.25)
    assert (stack.manifest.rows, stack.manifest.columns) == (48, 64)
    assert stack.manifest.thickness == 6


def test_oblique_slices_have_positions_along_their_normal():
    angle = math.radians(25)
    rows, normal = (1, 0, 0, 0, math.cos(angle), math.sin(angle)), (0, -math.sin(angle), math.cos(angle))
    series = [
        make_slice(
            number,
            ImageOrientationPatient=[f"{one:.10f}" for one in rows],
            ImagePositionPatient=[f"{-4 * number * one:.6f}" for one in normal],
        )
        for number in range(3)
    ]

    stack = read_files(*as_files(series)).stack

    assert stack.manifest.positions == pytest.approx((0, 4, 8), abs=0.002)
    assert stack.manifest.letters == {"left": "R", "right": "L", "top": "AF", "bottom": "PH"}


def test_stacks_in_different_planes_are_told():
    upright = {"ImageOrientationPatient": [*CORONAL], "SeriesInstanceUID": "1.2.9"}
    coronal = [
        make_slice(n, SOPInstanceUID=f"1.2.9.{n}", ImagePositionPatient=[-150, 5 * n, 100], **upright) for n in (0, 1)
    ]

    axial, other = read_files(*as_files([*make_series(3), *coronal])).stacks

    assert axial.notes == []
    assert [note.partition(":")[0] for note in other.notes] == [
        "Its slices lie in another plane than those of the first of the sequences"
    ]


@pytest.mark.parametrize(("count", "missing"), [(5, 2), (4, 1)])  # of four slices and of three
def test_a_missing_slice_is_told(count, missing):
    series = make_series(count)
    del series[missing]

    stack = read_files(*as_files(series)).stack

    assert stack.notes == ["Between two slices are 13.2 mm, more than between the others: one may be missing."]


def test_a_thickness_that_cannot_be_is_not_known():
    assert read_files(as_file(make_slice(SliceThickness=19700102))).stack.manifest.thickness is None
