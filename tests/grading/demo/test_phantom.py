"""The drawn thighs show what the grades say: where, on which sequence, and how far."""

import numpy as np
import pytest

from grading.anatomy import MUSCLE_CODES
from grading.demo.phantom import draw
from grading.demo.phantom.anatomy import make_thigh
from grading.demo.phantom.drawing import COLUMNS, ROWS
from grading.scale import EDEMA, FAT, NOT_ASSESSABLE, STIR, T1W, T2FS

SLICES = 4
SHOWS = {EDEMA: STIR, FAT: T1W}
CLEARLY_BRIGHTER = 150  # of 1023; the noise deviates by 9
EXTENT = {1: (0, 0.30), 2: (0.31, 0.75), 3: (0.75, 1)}  # of the muscle, grading.scale


def drawn(sequence: str, **grades) -> np.ndarray:
    return draw(grades, sequences=(sequence,), seed=7, slices=SLICES)[sequence].astype(int)


@pytest.fixture(scope="module", params=[EDEMA, FAT])
def feature(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def normal(feature) -> np.ndarray:
    return drawn(SHOWS[feature])


@pytest.fixture(scope="module")
def by_grade(feature) -> dict:
    """The stack in which every muscle has the same grade."""
    return {
        grade: drawn(SHOWS[feature], **{feature: dict.fromkeys(MUSCLE_CODES, grade)})
        for grade in (1, 2, 3, NOT_ASSESSABLE)
    }


@pytest.fixture(scope="module")
def muscles(feature, normal, by_grade) -> np.ndarray:
    """Where muscle is: what goes dark when no muscle can be assessed."""
    return by_grade[NOT_ASSESSABLE] < 0.5 * normal


@pytest.mark.parametrize("grade", EXTENT)
def test_what_is_involved_is_as_far_as_the_scale_says(feature, normal, by_grade, muscles, grade):
    is_brighter = by_grade[grade] - normal > CLEARLY_BRIGHTER

    lowest, highest = EXTENT[grade]
    assert lowest < is_brighter[muscles].mean() < highest


def test_a_muscle_alone_is_seen_alone_and_on_the_right_sequence(feature, normal):
    one = drawn(SHOWS[feature], **{feature: {"VL": 3}})
    other_sequence = ({STIR, T1W} - {SHOWS[feature]}).pop()

    brighter = (one - normal > CLEARLY_BRIGHTER).any(axis=0)  # over the slices
    columns = np.nonzero(brighter.any(axis=0))[0]
    width = brighter.shape[1]

    # The vastus lateralis lies on the outer side of both thighs, in front of their middle.
    assert columns.min() < width / 8
    assert columns.max() > 7 * width / 8
    assert not brighter[:, 3 * width // 8 : 5 * width // 8].any()
    elsewhere = drawn(other_sequence, **{feature: {"VL": 3}}) - drawn(other_sequence)
    assert elsewhere.max() < CLEARLY_BRIGHTER


def test_every_muscle_is_there_from_hip_to_knee():
    muscles = make_thigh(np.random.default_rng(7), (16, ROWS, COLUMNS // 2), radius=0.47 * ROWS).muscles

    for number, code in enumerate(MUSCLE_CODES, start=1):
        assert ((muscles == number).sum(axis=(1, 2)) > 10).mean() > 0.6, code


def test_a_seed_gives_one_drawing_and_another_seed_another():
    first, again = (draw({}, sequences=(STIR, T1W), seed=1, slices=2) for _ in range(2))
    other = draw({}, sequences=(T2FS,), seed=2, slices=2)

    assert first.keys() == {STIR, T1W}
    assert all(np.array_equal(first[sequence], again[sequence]) for sequence in first)
    assert not np.array_equal(first[STIR] > 100, other[T2FS] > 100)
