"""Whatever a frame holds, `compare` gives each muscle numbers or a reason: never an exception, NaN or infinity.

10,000 frames with THIGHSITE_FULL=1, else a few.
"""

import json
import os

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import Covariates
from tests.analysis.stats.comparison_frames import compare, small_frames

FRAMES, FEWER = (10_000, 10_000) if os.environ.get("THIGHSITE_FULL") else (100, 30)
anything = settings(max_examples=FRAMES, suppress_health_check=list(HealthCheck))
questions = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["per-muscle", "joint"]),
        "df_method": st.sampled_from(["kenward-roger", "satterthwaite"]),
        "analysis_set": st.sampled_from(["all", "edema", "fat"]),
    }
)


@anything
@given(frame=small_frames(), question=questions)
def test_any_frame_has_an_answer_or_a_reason_for_each_muscle(frame, question):
    answer = as_json(compare(frame, permutations=0, resamples=20, **question), study="any")

    assert_numbers_or_reasons(answer)


@settings(anything, max_examples=FEWER)
@given(frame=small_frames(), ages=st.lists(st.sampled_from([30.0, 30.0, 50.0, 71.0, None]), min_size=7, max_size=7))
def test_pattern_and_adjustment_answer_any_frame(frame, ages):
    """All participants of one age, nobody's age known, more covariates than participants: numbers or a reason."""
    people = pd.DataFrame({"participant": [f"P{number}" for number in range(7)], "age_years": ages})
    people["sex"] = [("female", "male", None)[number % 3] for number in range(7)]
    asked = {"pattern": True, "covariates": Covariates(("age_years", "sex"), people)}

    answer = as_json(compare(frame, permutations=0, resamples=0, **asked), study="any")

    json.dumps(answer, allow_nan=False)
    for test in answer["pattern"].values():
        numbers = [test[name] for name in ("F", "df1", "df2", "scaling", "p")]
        assert numbers == [None] * 5 if test["status"] == "not_estimable" else None not in numbers
        assert test["note"] or test["status"] == "ok"
    for muscle in answer["muscles"]:
        for fit in (muscle, muscle["unadjusted"]):
            assert fit["note"] or fit["status"] == "ok"
            assert (fit["p"] is None) == (fit["status"] in ("separated", "not_estimable"))


@settings(anything, max_examples=FRAMES // 10)
@given(frame=small_frames(whole_scores=False), question=questions)
def test_scores_need_not_be_grades(frame, question):
    answer = as_json(compare(frame, permutations=20, resamples=20, **question), study="any")

    assert_numbers_or_reasons(answer)


@pytest.mark.parametrize("model", ["per-muscle", "joint"])
@settings(anything, max_examples=FRAMES // 50)
@given(frame=small_frames())
def test_the_second_opinion_answers_any_frame(frame, model):
    answer = as_json(
        compare(frame, permutations=0, resamples=20, model=model, engine="statsmodels", verify=True), study="any"
    )

    assert_numbers_or_reasons(answer)


def assert_numbers_or_reasons(answer: dict) -> None:
    json.dumps(answer, allow_nan=False)
    assert len(answer["muscles"]) == 11
    for muscle in answer["muscles"]:
        assert_index_or_reason(muscle["index"])
        numbers = [muscle[name] for name in ("estimate", "se", "statistic", "p", "p_holm", "ci_low", "ci_high")]
        if muscle["status"] == "not_estimable":
            assert muscle["note"]
            assert [*numbers, muscle["df"], muscle["method"], muscle["p_permutation"]] == [None] * 10
        elif muscle["status"] == "separated":
            assert muscle["note"]
            assert [*numbers[1:], muscle["df"], muscle["method"]] == [None] * 8
            assert muscle["estimate"] != 0
        else:
            assert muscle["status"] in ("ok", "boundary")
            assert None not in numbers
            assert muscle["se"] > 0
            assert 0 < muscle["p"] <= muscle["p_holm"] <= 1
            assert muscle["ci_low"] < muscle["estimate"] < muscle["ci_high"]
            assert muscle["df"] is not None or muscle["method"] == "wald_z"


def assert_index_or_reason(index: dict) -> None:
    tested = [index[name] for name in ("se", "statistic", "df", "ci_low", "ci_high")]
    assert index["status"] in ("ok", "separated", "not_estimable")
    nothing = [0.0 if index["status"] == "separated" else None, *[None] * 4]
    assert None not in tested if index["status"] == "ok" else tested == nothing
    assert (index["p"] is None) == (index["status"] == "not_estimable")
    assert index["note"] or index["status"] == "ok"
    averaged = index["over_readers"]
    assert averaged["note"] or None not in (averaged["value"], averaged["ci_low"], averaged["ci_high"])
