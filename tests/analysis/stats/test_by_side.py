"""Differences of the groups that are not the same on both sides."""

import numpy as np
import pytest
from scipy.stats import ttest_ind

from analysis.stats.comparison_json import as_json
from analysis.stats.frame.restriction import restrict
from analysis.stats.question import Question
from analysis.words.comparison.summary import summary
from tests.analysis.stats.comparison_frames import cohort, compare


@pytest.fixture(scope="module")
def frame():
    """VL: two points higher in DM on the left, one lower on the right; anything else alike."""
    frame = cohort(participants=20, sides=("left", "right"), effect=0, seed=4)
    own = (frame["muscle"] == "VL") & (frame["group"] == "DM")
    moved = np.where(frame["side"] == "left", 2.0, -1.0)
    return frame.assign(score=frame["score"] + np.where(own, moved, 0.0))


def test_opposite_differences_are_named_and_can_be_looked_at_side_by_side(frame):
    result = as_json(compare(frame, permutations=0, resamples=0), study="s")

    assert "on the left as on the right in VL (" in summary(result)
    assert summary(result).count(" left, ") == 1
    for side in ("left", "right"):
        one = as_json(
            compare(restrict(frame, Question("IMNM", "DM", side=side)), permutations=0, resamples=0), study="s"
        )
        assert one["muscles"][0]["estimate"] == pytest.approx(result["muscles"][0]["by_side"][side])
        assert "by_side" not in one["muscles"][0]


def test_the_check_is_a_t_test_of_participants_differences(frame):
    checks = [
        muscle["by_side"] for muscle in as_json(compare(frame, permutations=0, resamples=0), study="s")["muscles"]
    ]
    means = frame.groupby(["muscle", "group", "participant", "side"], sort=False)["score"].mean().unstack()
    apart = means["left"] - means["right"]

    for muscle, check in zip(frame["muscle"].unique(), checks, strict=True):
        expected = ttest_ind(apart[muscle, "DM"], apart[muscle, "IMNM"]).pvalue
        assert check["p"] == pytest.approx(expected)
        assert check["interaction"] == pytest.approx(check["left"] - check["right"])


def test_sides_that_are_graded_together_have_no_check():
    for frame in (cohort(), cohort().iloc[:0]):
        result = as_json(compare(frame, permutations=0, resamples=0), study="s")

        assert not any("by_side" in muscle for muscle in result["muscles"])
