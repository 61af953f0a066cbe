"""The mixed model of every grade where it has no answer: a status and a reason."""

import pytest

from tests.analysis.stats.agreement.frames import answer, frame_of_scores


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ({"ann": [0, 1, 3]}, "no unit that two readers graded"),
        ({"ann": [0, 1, None], "bob": [None, None, 2]}, "no unit that two readers graded"),
        ({"ann": [1], "bob": [2]}, "only one unit"),
        ({"ann": [2, 2, 2], "bob": [2, 2, None]}, "no variance, all grades are equal"),
        ({"ann": [0, 1, 2], "bob": [1, 2, 3]}, "readers never differ, or only by a constant"),
    ],
)
def test_a_mixed_model_that_cannot_be_had_says_why(scores, reason):
    found = answer(frame_of_scores(scores))["mixed_model"][0]

    assert found["status"] == "not_estimable"
    assert reason in found["note"]
    assert found["icc_agreement"] is None


def test_a_variance_at_zero_is_named():
    found = answer(frame_of_scores({"ann": [0, 3, 1, 2], "bob": [3, 0, 2, 1]}))["mixed_model"][0]

    assert (found["status"], found["icc_agreement"]) == ("boundary", 0)
    assert found["note"] == "the variance of units and of readers is estimated as 0"
