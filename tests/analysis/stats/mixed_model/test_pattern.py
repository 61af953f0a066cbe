"""The tests of the pattern where their answer is known without a mixed model, and where there is none."""

import numpy as np
import pytest
from hypothesis import given

from analysis.stats.mixed_model.pattern import pattern_tests
from tests.analysis.stats.comparison_frames import cohort, cut, small_frames
from tests.analysis.stats.test_any_frame import anything


def answer(frame):
    data = cut(frame)
    return pattern_tests(data.observed, data.groups)


def interaction(frame) -> tuple[float, int, float]:
    """F of muscle × group and its degrees of freedom, from the analysis of variance of a complete cohort's means."""
    means = frame.groupby(["group", "participant", "muscle"])["score"].mean().unstack()
    within = means.sub(means.mean(axis=1), axis=0)
    of_group = within.groupby("group").transform("mean")
    n, J = means.shape
    residual = ((within - of_group) ** 2).to_numpy().sum() / ((n - 2) * (J - 1))
    return ((of_group - within.mean()) ** 2).to_numpy().sum() / (J - 1) / residual, J - 1, (n - 2) * (J - 1)


def test_complete_cohort_has_the_f_of_the_analysis_of_variance():
    frame = cohort(participants=14)

    test = answer(frame).pattern.test

    assert (test.F, test.df1, test.df2) == pytest.approx(interaction(frame))
    assert test.scaling == pytest.approx(1)


def test_one_reader_has_the_f_of_the_analysis_of_variance():
    frame = cohort(participants=14, readers=1)

    test = answer(frame).pattern.test

    assert (test.F, test.df1, test.df2) == pytest.approx(interaction(frame))


def test_reads_that_never_differ_are_taken_as_means():
    frame = cohort(participants=14)
    frame = frame.assign(score=frame.groupby(["participant", "muscle"])["score"].transform("first"))

    found = answer(frame).pattern

    assert found.status == "boundary"
    assert (found.test.F, found.test.df1, found.test.df2) == pytest.approx(interaction(frame))


def test_muscle_without_a_difference_is_in_no_hypothesis():
    frame = cohort(participants=14)
    frame = frame[(frame["muscle"] != "VL") | (frame["group"] == "DM")]

    found = answer(frame)

    assert (found.pattern.test.df1, found.any.test.df1) == (9, 10)


def test_one_muscle_makes_no_pattern_and_still_a_difference():
    found = answer(cohort(participants=14, muscles=("VL",)))

    assert (found.pattern.status, found.pattern.test) == ("not_estimable", None)
    assert "two muscles" in found.pattern.note
    assert found.any.test.df1 == 1


@pytest.mark.parametrize("score", [0, 2])
def test_scores_that_never_vary_have_a_reason(score):
    found = answer(cohort(participants=6).assign(score=score))

    assert {found.pattern.status, found.any.status} == {"not_estimable"}
    assert found.pattern.note


def test_group_of_nothing_but_zeros_has_an_answer():
    frame = cohort(participants=14)
    frame = frame.assign(score=np.where(frame["group"] == "DM", frame["score"], 0))

    assert answer(frame).any.test.p < 0.05


@pytest.mark.parametrize("participants", [0, 2, 4])
def test_few_participants_have_numbers_or_a_reason(participants):
    for found in vars(answer(cohort(participants=participants))).values():
        assert found.test or found.note


@anything
@given(frame=small_frames())
def test_any_frame_has_both_tests_or_reasons(frame):
    for found in vars(answer(frame)).values():
        if found.test is None:
            assert (found.status, bool(found.note)) == ("not_estimable", True)
        else:
            numbers = [found.test.F, found.test.df2, found.test.scaling, found.test.p]
            assert np.isfinite(numbers).all()
            assert min(numbers[1:]) > 0 <= found.test.F
            assert found.test.p <= 1
