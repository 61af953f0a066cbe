"""Every reference cohort, as R's lmerTest and pbkrtest answer it (`tests/reference/reference.R`)."""

import pytest

from analysis.stats.comparison import Comparison
from tests.analysis.stats.comparison_frames import compare
from tests.reference_cohorts import ANSWERS, reference_answer, reference_frame

TOLERANCES = {"estimate": 1e-5, "se": 1e-5, "df": 1e-3, "statistic": 1e-4, "p": 1e-3, "ci_low": 1e-5, "ci_high": 1e-5}
NEAR_ZERO = 1e-8
LEAST_P = 1e-12

every_answer = pytest.mark.parametrize(("name", "analysis_set"), ANSWERS)


def answer(name: str, analysis_set: str, **question) -> Comparison:
    return compare(reference_frame(name), analysis_set=analysis_set, permutations=0, **question)


def assert_numbers(contrast, expected: dict) -> None:
    for number, tolerance in TOLERANCES.items():
        least = LEAST_P if number == "p" else NEAR_ZERO
        assert getattr(contrast, number) == pytest.approx(expected[number], rel=tolerance, abs=least), number


@every_answer
def test_each_muscle_agrees_with_kenward_roger_of_pbkrtest(name, analysis_set):
    expected = reference_answer(name, analysis_set)["per_muscle"]

    muscles = answer(name, analysis_set).muscles

    assert [muscle.status for muscle in muscles] == [row["status"] for row in expected]
    for muscle, row in zip(muscles, expected, strict=True):
        if muscle.contrast:
            assert muscle.contrast.method == row["method"]
            assert_numbers(muscle.contrast, row)


@every_answer
def test_each_muscle_agrees_with_satterthwaite_of_lmertest(name, analysis_set):
    expected = reference_answer(name, analysis_set)["per_muscle"]

    muscles = answer(name, analysis_set, df_method="satterthwaite").muscles

    assert [muscle.status for muscle in muscles] == [row["status"] for row in expected]
    for muscle, row in zip(muscles, expected, strict=True):
        if muscle.contrast:
            assert_numbers(muscle.contrast, row | row.get("satterthwaite", {}))


@every_answer
def test_the_joint_model_agrees_with_kenward_roger_of_pbkrtest(name, analysis_set):
    expected = reference_answer(name, analysis_set)["joint"]

    muscles = answer(name, analysis_set, model="joint").muscles

    assert {muscle.status for muscle in muscles} == {"boundary" if expected["singular"] else "ok"}
    for muscle, row in zip(muscles, expected["muscles"], strict=True):
        assert_numbers(muscle.contrast, row)


@every_answer
def test_the_joint_model_agrees_with_satterthwaite_of_lmertest(name, analysis_set):
    expected = reference_answer(name, analysis_set)["joint"]["muscles"]

    muscles = answer(name, analysis_set, model="joint", df_method="satterthwaite").muscles

    for muscle, row in zip(muscles, expected, strict=True):
        assert_numbers(muscle.contrast, row | row["satterthwaite"])


@every_answer
def test_descriptives_and_counts_agree_with_r(name, analysis_set):
    expected = reference_answer(name, analysis_set)

    comparison = answer(name, analysis_set)

    assert comparison.n.participants == expected["n"]["participants"]
    assert comparison.n.grades == expected["n"]["grades"]
    for muscle, row in zip(comparison.muscles, expected["descriptives"], strict=True):
        for group, described in ((muscle.reference, row["groups"]["IMNM"]), (muscle.compared, row["groups"]["DM"])):
            for number, value in described.items():
                assert getattr(group, number) == pytest.approx(value, rel=1e-9, abs=1e-9)
