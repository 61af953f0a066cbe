"""Observations count and average what pandas would, and know of each participant which group it is in."""

import numpy as np
import pandas as pd
from hypothesis import given

from analysis.stats.frame.codes import level_codes
from analysis.stats.frame.observations import Observations, observations
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.comparison_frames import frame_of, small_frames

GROUPS = ("IMNM", "DM")


def grades_of(frame: pd.DataFrame, group: str) -> pd.DataFrame:
    return frame[(frame["group"] == group) & np.isfinite(frame["score"])]


def observed_in(frame: pd.DataFrame) -> Observations:
    return observations(frame, *GROUPS)


@given(small_frames())
def test_means_and_participants_of_each_group_are_those_of_pandas(frame):
    observed = observed_in(frame)

    for place, muscle in enumerate(MUSCLE_CODES):
        expected = [
            grades_of(frame[frame["muscle"] == muscle], group).groupby("participant")["score"].mean()
            for group in GROUPS
        ]
        for found, of_group in zip(observed.means_by_group(place), expected, strict=True):
            np.testing.assert_allclose(np.sort(found), np.sort(of_group), atol=1e-12)
        assert observed.participants_by_group(place) == tuple(len(of_group) for of_group in expected)


@given(small_frames())
def test_every_grade_and_row_knows_its_group_and_its_participant(frame):
    observed = observed_in(frame)
    codes = level_codes(frame["participant"])[1]
    compared = observed.row_is_graded & observed.row_is_compared

    assert observed.is_compared.sum() == len(grades_of(frame, "DM"))
    assert (observed.is_compared == observed.row_is_compared[observed.row]).all()
    assert {codes[number] for number in observed.row_participant[compared]} == {*grades_of(frame, "DM")["participant"]}


def test_who_stands_in_two_groups_counts_as_two_participants():
    frame = frame_of(participant=["A", "A", "B"], group=["IMNM", "DM", "DM"], score=[1.0, 3.0, 2.0])

    observed = observed_in(frame)

    assert observed.participants_by_group(0) == (1, 2)
    assert [sorted(means) for means in observed.means_by_group(0)] == [[1.0], [2.0, 3.0]]
