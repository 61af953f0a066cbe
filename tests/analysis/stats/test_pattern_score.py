"""The cross-validated pattern score, as R has it by loops (`pattern_score.R`), and where there is none."""

import json

import numpy as np
import pytest
from hypothesis import given

from analysis.stats.frame.codes import level_codes
from analysis.stats.pattern_score import pattern_score
from tests.analysis.stats.comparison_frames import cohort, cut, small_frames
from tests.analysis.stats.test_any_frame import anything
from tests.near import near, plain
from tests.reference_cohorts import FOLDER, reference_frame

OF_R = json.loads((FOLDER / "pattern_score.json").read_text())


def scored(frame, fixed=None, **question):
    data = cut(frame)
    found = pattern_score(data.observed, data.groups, fixed, **question)
    codes = level_codes(data.rows["participant"])[1]
    return found, {str(codes[row // 2]): score for row, score in zip(found.rows, found.scores, strict=True)}


@pytest.mark.parametrize("name", OF_R)
def test_scores_area_and_interval_are_those_of_r(name):
    found, scores = scored(reference_frame(name))

    expected = OF_R[name]
    assert scores == pytest.approx({code: float(score) for code, score in expected["scores"].items()}, abs=1e-9)
    assert found.value == pytest.approx(expected["area"], abs=1e-9)
    assert (found.ci_low or found.value) == pytest.approx(expected["ci_low"], abs=0.05)  # two runs of resampling
    assert (found.ci_high or found.value) == pytest.approx(expected["ci_high"], abs=0.03)


def test_copies_of_a_participant_are_left_out_together():
    frame = reference_frame("missing-cells")
    twice = frame.assign(participant=frame["participant"] + "-again", mri=frame["mri"] + "-again")

    found, scores = scored(frame)
    again, _ = scored(frame.sample(frac=1, random_state=1))
    with_twins, _ = scored(type(frame)(np.vstack([frame, twice]), columns=frame.columns).infer_objects())

    assert near(plain(found.ci_low)) == again.ci_low  # the order of rows does not matter
    assert with_twins.value >= found.value  # whose twin stays in, gives themselves away
    assert len(scores) == len(found.rows)


def test_fixed_lists_are_the_muscles_and_need_no_others():
    frame = cohort(participants=10)

    found, scores = scored(frame, (("VL", "VM"), ("SM",)))

    means = frame.groupby(["participant", "muscle"])["score"].mean().unstack()
    expected = means[["VL", "VM"]].mean(axis=1) - means["SM"]
    assert scores == pytest.approx(expected.to_dict())
    assert (found.higher, found.lower, found.steady) == (("VL", "VM"), ("SM",), None)
    with pytest.raises(ValueError, match="both lists"):
        scored(frame, (("VL",), ("VL",)))


def test_who_has_no_muscle_of_a_side_has_no_score():
    frame = cohort(participants=10)

    found, scores = scored(frame[(frame["participant"] != "P003") | (frame["muscle"] == "VL")], (("VL",), ("SM",)))

    assert np.isnan(scores["P003"])
    assert "1 participant has no score" in found.note


@anything
@given(frame=small_frames())
def test_any_frame_has_an_area_or_a_reason(frame):
    found, _ = scored(frame, resamples=50)

    if found.value is None:
        assert (found.status, bool(found.note)) == ("not_estimable", True)
    else:
        assert 0 <= found.value <= 1
        assert found.note if found.ci_low is None else found.ci_low <= found.ci_high
