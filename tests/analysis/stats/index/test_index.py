"""The probabilistic index: as R has it (`tests/reference/reference2.R`), without overlap, and over readers."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.comparison_json import as_json
from analysis.stats.index.brunner_munzel import brunner_munzel, index_value
from tests.analysis.stats.comparison_frames import cohort, compare, frame_of
from tests.reference_cohorts import FOLDER, reference_frame

NUMBERS = ("value", "se", "statistic", "df", "p", "ci_low", "ci_high")
scores = st.lists(st.integers(0, 3), min_size=2, max_size=5).map(np.array)


def indices(frame, **question) -> dict[str, dict]:
    answer = as_json(compare(frame, permutations=0, **question), study="any")
    return {muscle["muscle"]: muscle["index"] for muscle in answer["muscles"]}


@pytest.mark.parametrize("name", ["covariates", "covariates-missing"])
def test_each_muscle_agrees_with_brunner_and_munzel_in_r(name):
    expected = json.loads((FOLDER / f"{name}.more.json").read_text())["index"]

    found = indices(reference_frame(name), resamples=0)

    for row in expected:
        index = found[row["muscle"]]
        assert index["value"] == pytest.approx(row["index"], abs=1e-10)
        assert index["status"] == ("ok" if row["se"] else "separated")
        for number in NUMBERS[1:] if row["se"] else ("se",):
            assert index[number] == pytest.approx(row[number], rel=1e-8, abs=1e-10), number


@given(reference=scores, compared=scores)
def test_where_the_variance_is_0_p_is_that_of_all_ways_to_deal_out_the_labels(reference, compared):
    index = brunner_munzel(reference, compared)

    if index.status == "separated":
        pooled, n = np.concatenate([reference, compared]), len(reference)
        ways = [
            index_value(np.delete(pooled, [*chosen]), pooled[[*chosen]])
            for chosen in combinations(range(len(pooled)), len(compared))
        ]
        as_far = [abs(way - 0.5) >= abs(index.value - 0.5) - 1e-12 for way in ways]
        assert n == len(reference)
        assert index.p == pytest.approx(np.mean(as_far))
        assert (index.se, index.ci_low, index.ci_high) == (0, None, None)
        assert index.note


def test_groups_that_do_not_overlap_have_their_index_and_p_and_no_interval():
    index = brunner_munzel(np.array([0.0, 0.0, 1.0]), np.array([2.0, 2.0, 3.0]))

    assert (index.status, index.value, index.ci_low) == ("separated", 1.0, None)
    assert index.p == pytest.approx(2 / 20)


def test_groups_that_all_score_alike_have_index_one_half_and_p_1():
    index = brunner_munzel(np.array([1.0, 1.0]), np.array([1.0, 1.0]))

    assert (index.status, index.value, index.p) == ("separated", 0.5, 1.0)


def test_the_mean_over_readers_is_that_of_their_own_indices_and_lies_in_its_interval():
    averaged = indices(cohort(16), resamples=400)["VL"]["over_readers"]

    own = [reader["value"] for reader in averaged["readers"]]
    assert len(own) == 3
    assert averaged["value"] == pytest.approx(np.mean(own))
    assert averaged["ci_low"] < averaged["value"] < averaged["ci_high"]


def test_a_reader_who_graded_one_group_only_is_left_out_of_the_mean():
    frame = cohort(16)
    frame = frame[(frame["reader"] != "reader3") | (frame["group"] == "DM")]

    averaged = indices(frame, resamples=200)["VL"]["over_readers"]

    assert [reader["reader"] for reader in averaged["readers"]] == ["reader1", "reader2"]
    assert averaged["value"] == pytest.approx(np.mean([reader["value"] for reader in averaged["readers"]]))


def test_of_one_participant_in_a_group_there_is_a_reason():
    frame = cohort(16)
    frame = frame[(frame["group"] == "DM") | (frame["participant"] == "P000")]

    index = indices(frame, resamples=200)["VL"]

    assert index["status"] == "not_estimable"
    assert [index[number] for number in NUMBERS] == [None] * 7
    assert "Only one participant of group IMNM" in index["note"]
    assert index["over_readers"]["ci_low"] is None
    assert index["over_readers"]["note"]


def test_exchanging_the_groups_turns_every_index_round():
    frame = reference_frame("missing-cells")
    index = indices(frame)
    turned = indices(frame, reference="DM", compared="IMNM")

    for muscle, one in index.items():
        other = turned[muscle]
        assert other["value"] == pytest.approx(1 - one["value"])
        assert other["p"] == pytest.approx(one["p"])
        assert other["ci_low"] == pytest.approx(1 - one["ci_high"])
        assert other["over_readers"]["ci_low"] == pytest.approx(1 - one["over_readers"]["ci_high"])


def test_names_of_participants_and_the_order_of_rows_do_not_matter():
    frame = reference_frame("missing-cells")
    names = {name: f"X{place}" for place, name in enumerate(reversed(frame["participant"].unique()))}

    renamed = frame.assign(participant=frame["participant"].map(names)).sample(frac=1, random_state=1)

    for index, other in zip(indices(frame).values(), indices(renamed).values(), strict=True):
        assert [index[number] for number in NUMBERS] == pytest.approx([other[number] for number in NUMBERS], rel=1e-9)
        averaged, of_renamed = index["over_readers"], other["over_readers"]
        assert averaged["ci_low"] == pytest.approx(of_renamed["ci_low"])
        assert averaged["ci_high"] == pytest.approx(of_renamed["ci_high"])


def test_a_participant_of_whom_a_group_has_none_gives_reasons_alone():
    frame = frame_of(participant=["P1", "P2"], group=["DM", "DM"], reader="reader1", muscle="VL", score=[1.0, 2.0])

    index = indices(frame)["VL"]

    assert (index["status"], index["value"], index["over_readers"]["value"]) == ("not_estimable", None, None)
    assert index["note"]
    assert index["over_readers"]["note"]
