"""Where readers disagree: the cells of the map by hand, and that each cell counts exactly the cases behind it."""

import json
from itertools import combinations

import pandas as pd
import pytest

from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.cases import CasesError, cases, cases_from_address
from analysis.stats.agreement.disagreement import disagreement
from analysis.stats.agreement.inter_reader import agreement
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.agreement.frames import cohort_frame, frame_of, frame_of_scores


def cell(frame, muscle="VL", readers=("reader1", "reader2")):
    found = [
        cell for cell in disagreement(frame)["cells"] if (cell["muscle"], cell["readers"]) == (muscle, list(readers))
    ]
    (only,) = found
    return only


def test_cell_by_hand():
    frame = frame_of_scores({"reader1": [0, 1, 3, 2, None], "reader2": [0, 2, 0, 0, 1]})

    found = cell(frame)

    # differences 0, 1, 3, 2
    assert (found["units"], found["mean_absolute_difference"], found["discrepant"], found["share"]) == (4, 1.5, 2, 0.5)


def test_all_muscles_are_pooled():
    vl = frame_of_scores({"reader1": [0, 1], "reader2": [0, 1]}, muscle="VL")
    gr = frame_of_scores({"reader1": [3, 3], "reader2": [1, 2]}, muscle="GR")

    found = cell(pd.concat([vl, gr]), "overall")

    assert (found["units"], found["mean_absolute_difference"], found["share"]) == (4, 0.75, 0.25)


def test_without_common_units_there_is_no_mean_and_no_share():
    found = cell(frame_of_scores({"reader1": [0, None], "reader2": [None, 1]}))

    assert (found["units"], found["mean_absolute_difference"], found["share"]) == (0, None, None)


def test_each_pair_has_every_muscle_and_all_of_them():
    result = disagreement(cohort_frame("balanced"))

    assert [cell["muscle"] for cell in result["cells"]] == [*MUSCLE_CODES, "overall"] * 3
    assert json.loads(json.dumps(result, allow_nan=False)) == result


def test_participants_are_those_graded_twice():
    frame = frame_of_scores({"reader1": [0, 1, 2, None], "reader2": [0, None, 2, 3]})

    assert disagreement(frame)["participants"] == 2


def test_sums_are_those_of_the_bias():
    frame = cohort_frame("missing-reader")
    result = as_json(agreement(frame, resamples=2), study="demo")

    for bias, pair in zip(result["bias"], disagreement(frame)["sums"], strict=True):
        n = sum(count for *_, count in pair["points"])
        total = sum((one - other) * count for one, other, count in pair["points"])

        assert pair["readers"] == bias["readers"]
        assert n == bias["participants"] > 0
        assert total / n == pytest.approx(bias["mean_difference"])


def test_no_reads_are_an_answer():
    assert disagreement(frame_of()) == {"participants": 0, "cells": [], "sums": []}


@pytest.mark.parametrize("name", ["balanced", "missing-cells", "missing-reader", "sides", "degenerate"])
def test_cell_counts_exactly_the_cases_behind_it(name):
    frame = cohort_frame(name)
    readers = sorted(frame["reader"].unique())

    for pair in combinations(readers, 2):
        for muscle in (*MUSCLE_CODES, "overall"):
            counted, behind = cell(frame, muscle, pair), cases(frame, muscle, pair)
            apart = [case.difference for case in behind.cases]

            assert counted["units"] == len(apart) == sum(map(sum, behind.table))
            assert counted["discrepant"] == behind.discrepant == sum(difference >= 2 for difference in apart)
            if apart:
                assert counted["mean_absolute_difference"] == pytest.approx(sum(apart) / len(apart))


def test_cases_are_ordered_by_difference_then_participant():
    frame = frame_of_scores({"reader1": [0, 1, 3, 2, None], "reader2": [0, 2, 0, 1, 1]})

    found = cases(frame, "VL", ("reader1", "reader2"))

    assert [(case.participant, case.scores, case.difference) for case in found.cases] == [
        ("P3", (3, 0), 3),
        ("P2", (1, 2), 1),
        ("P4", (2, 1), 1),
        ("P1", (0, 0), 0),
    ]
    assert found.unshared == 1


def test_cross_table_has_the_first_reader_in_rows():
    found = cases(frame_of_scores({"reader1": [3, 3, 1], "reader2": [0, 0, 2]}), "VL", ("reader1", "reader2"))

    assert found.table == [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [2, 0, 0, 0]]


def test_cases_take_the_reads_that_agreement_takes():
    edema = frame_of_scores({"reader1": [1], "reader2": [1]})
    fat = frame_of_scores({"reader1": [3, 2], "reader2": [0, 2]}, feature="fat", sequence="T1W")
    again = frame_of_scores({"reader1": [3, 3]}, occasion=2)

    found = cases(pd.concat([edema, fat, again]), "VL", ("reader1", "reader2"))

    assert [(case.participant, case.feature, case.scores) for case in found.cases] == [
        ("P1", "edema", (1, 1)),
        ("P2", "fat", (2, 2)),
    ]


@pytest.mark.parametrize(
    ("muscle", "readers", "message"),
    [
        ("XX", "reader1,reader2", "“XX” is not a muscle"),
        ("", "reader1,reader2", "“” is not a muscle"),
        ("VL", "reader1,nobody", "is not two readers"),
        ("VL", "reader1,reader1", "is not two readers"),
        ("VL", "", "they are reader1, reader2"),
    ],
)
def test_what_is_no_cell_is_refused_with_what_there_is(muscle, readers, message):
    with pytest.raises(CasesError, match=message):
        cases_from_address(frame_of_scores({"reader1": [1], "reader2": [1]}), muscle, readers)


def test_readers_are_named_in_either_order():
    frame = frame_of_scores({"reader1": [3], "reader2": [1]})

    assert cases_from_address(frame, "VL", "reader2,reader1").cases[0].scores == (1, 3)
