import numpy as np
import pytest

from analysis.stats.descriptives import descriptions
from analysis.stats.frame.observations import observations
from tests.analysis.stats.comparison_frames import frame_of

FRAME = frame_of(
    participant=["A", "A", "B", "C", "D", "E"],
    group=["IMNM", "IMNM", "IMNM", "IMNM", "IMNM", "DM"],
    reader=["reader1", "reader2", "reader1", "reader1", "reader1", "reader1"],
    score=[1.0, 2.0, 0.0, 3.0, np.nan, 2.0],
)


def described():
    return descriptions(observations(FRAME, "IMNM", "DM"))


def test_participants_are_averaged_before_they_are_described():
    reference, _ = described()[0]

    assert reference.n == 3
    assert [reference.q1, reference.median, reference.q3] == pytest.approx([0.75, 1.5, 2.25])  # type 7
    assert reference.mean == pytest.approx(1.5)
    assert reference.sd == pytest.approx(1.5)


def test_shares_are_those_of_all_grades():
    reference, compared = described()[0]

    assert reference.shares == (0.25, 0.25, 0.25, 0.25)
    assert compared.shares == (0, 0, 1, 0)


def test_one_participant_has_no_standard_deviation():
    _, compared = described()[0]

    assert (compared.n, compared.median, compared.sd) == (1, 2.0, None)


def test_a_muscle_without_grades_has_nothing_to_describe():
    reference, compared = described()[1]

    assert reference == compared
    assert (reference.n, reference.median, reference.mean, reference.shares) == (0, None, None, ())
