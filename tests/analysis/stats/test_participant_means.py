"""Participant means are the numbers behind the result: its medians, its shares, and who they belong to."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from analysis.stats.comparison_json import as_json
from analysis.stats.frame.analysis_sets import analysis_set, assessed
from analysis.stats.participant_means import participant_means
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.comparison_frames import cohort, compare, cut, small_frames
from tests.effort import effort
from tests.near import near
from tests.reference_cohorts import reference_frame

SUMMARY = {"median": 0.5, "q1": 0.25, "q3": 0.75}


def means_of(found, group, muscle):
    entries = [entry for entry in found["participants"] if entry["group"] == group]
    return [entry["means"][muscle] for entry in entries if muscle in entry["means"]]


def assert_same_numbers(result, found):
    for muscle in result["muscles"]:
        for group, summary in muscle["groups"].items():
            means = means_of(found, group, muscle["muscle"])
            assert len(means) == summary["n"]
            for name, quantile in SUMMARY.items():
                assert summary[name] == near(float(np.quantile(means, quantile)) if means else None)


@pytest.mark.parametrize("name", ["balanced", "sides", "missing-cells", "several-mris", "degenerate"])
@pytest.mark.parametrize("of_set", ["all", "edema"])
def test_medians_and_quartiles_are_the_results(name, of_set):
    frame = reference_frame(name)

    found = participant_means(cut(frame, of_set))

    assert_same_numbers(as_json(compare(frame, analysis_set=of_set, permutations=0), study="thighs"), found)


@given(small_frames())
def test_any_frame_has_means_that_json_can_hold(frame):
    found = participant_means(cut(frame))

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert_same_numbers(as_json(compare(frame, permutations=0), study="thighs"), found)


def test_grades_are_counted_per_muscle_and_group():
    frame = reference_frame("missing-cells")
    counted = assessed(analysis_set(frame, "all")).groupby(["muscle", "group", "score"], observed=True).size()

    found = participant_means(cut(frame))["grades"]

    assert list(found) == list(MUSCLE_CODES)
    for muscle, groups in found.items():
        for group, counts in groups.items():
            assert counts == [counted.get((muscle, group, score), 0) for score in range(4)]


def test_participants_stand_in_one_order_whatever_that_of_the_rows():
    frame = reference_frame("balanced")
    backwards = pd.CategoricalDtype(sorted(frame["participant"].unique(), reverse=True))

    found = participant_means(cut(frame.sample(frac=1, random_state=1).astype({"participant": backwards})))

    assert found == near(participant_means(cut(frame)))
    assert [entry["participant"] for entry in found["participants"]] == sorted(frame["participant"].unique())


def test_participant_without_an_assessed_grade_has_no_profile():
    frame = cohort(participants=4)
    frame.loc[frame["participant"] == "P001", "score"] = np.nan
    frame.loc[(frame["participant"] == "P002") & (frame["muscle"] == "RF"), "score"] = np.nan

    found = {entry["participant"]: entry["means"] for entry in participant_means(cut(frame))["participants"]}

    assert sorted(found) == ["P000", "P002", "P003"]
    assert "RF" not in found["P002"]
    assert len(found["P003"]) == 11


def test_unknown_set_is_refused():
    with pytest.raises(KeyError):
        participant_means(cut(cohort(participants=2), "other"))


def test_825_000_rows_take_a_moment():
    frame = cohort(participants=2500, readers=30)
    assert len(frame) == 825_000

    def summarise():
        assert len(participant_means(cut(frame))["participants"]) == 2500

    assert effort(summarise) < 150  # loops; about 15 are needed, and a loop over rows takes thousands
