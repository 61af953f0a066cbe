"""The heat map: every participant's means, in one order, at any number of participants."""

import json
from statistics import fmean

import pytest

from analysis.figure.heatmap import heatmap
from analysis.figure.order import ordered, pattern
from tests.analysis.figure.answers import CASES, answer

ENTRIES = {
    "participants": [
        {"participant": "A", "group": "DM", "means": {"VL": 1.0, "GR": 2.0}},
        {"participant": "B", "group": "DM", "means": {"VL": 3.0}},
        {"participant": "C", "group": "IMNM", "means": {"GR": 3.0}},
        {"participant": "D", "group": "DM", "means": {"VL": 1.0, "GR": 2.0}},
    ]
}


def draw(case):
    figure = heatmap(*answer(case))
    json.dumps(figure, allow_nan=False)
    return figure


def blocks(figure):
    return [trace for trace in figure["data"] if trace["type"] == "heatmap"]


def result_with(**estimates):
    groups = {"IMNM": {"mean": 1.0}, "DM": {"mean": 2.0}}
    muscles = [{"muscle": code, "estimate": value, "groups": groups} for code, value in estimates.items()]
    return {"groups": {"reference": "IMNM", "compared": "DM"}, "muscles": muscles}


def test_rows_stand_by_group_and_then_by_pattern():
    order = ordered(result_with(VL=1.0, GR=-1.0), ENTRIES)

    assert list(order) == ["DM", "IMNM"]
    assert [entry["participant"] for entry in order["DM"]] == ["B", "A", "D"]


def test_muscle_without_an_estimate_counts_by_the_means():
    order = ordered(result_with(VL=None, GR=None), ENTRIES)

    assert [entry["participant"] for entry in order["DM"]] == ["B", "A", "D"]
    assert pattern({"VL": 1.0, "GR": 2.0}, {"VL": 1, "GR": 1}) == 1.5


def test_cells_are_the_participants_means():
    result, participant_means, _ = answer("25 participants")
    entries = ordered(result, participant_means)

    drawn = [row for block in blocks(draw("25 participants")) for row in block["z"]]

    means = [entry["means"] for group in ("DM", "IMNM") for entry in entries[group]]
    for row, own in zip(drawn, means, strict=True):
        assert list(row) == pytest.approx(list(own.values()), abs=0.0005)


def test_cells_without_a_grade_are_no_zero():
    figure = draw("not estimable")
    column = [row[3] for block in blocks(figure) for row in block["z"]]  # RF

    assert set(column) == {None}
    assert any("RF: no grade" in text for block in blocks(figure) for row in block["hovertext"] for text in row)
    assert any(trace["type"] == "scatter" and None not in trace["x"] for trace in figure["data"])


@pytest.mark.parametrize(
    ("case", "rows", "labels"), [("25 participants", 25, 25), ("90 participants", 90, 0), ("300 participants", 300, 0)]
)
def test_each_participant_is_a_row_and_labels_drop_out_when_they_would_not_fit(case, rows, labels):
    figure = draw(case)

    assert sum(len(block["z"]) for block in blocks(figure)) == rows
    assert len(figure["layout"]["yaxis"]["ticktext"]) == labels


def test_rows_of_thousands_are_means_of_neighbours_and_say_so():
    result, participant_means, _ = answer("3000 participants")
    first = ordered(result, participant_means)["DM"][:9]

    figure = draw("3000 participants")

    assert sum(len(block["z"]) for block in blocks(figure)) == 334
    assert blocks(figure)[0]["z"][0][0] == pytest.approx(fmean(entry["means"]["VL"] for entry in first), abs=0.0005)
    headings = [note["text"] for note in figure["layout"]["annotations"]]
    assert any(words.endswith("rows are means of 9 participants") for words in headings)
    assert "9 participants (DM), VL: mean" in blocks(figure)[0]["hovertext"][0][0]


@pytest.mark.parametrize("case", CASES)
def test_height_stays_within_a_screen_or_two(case):
    assert draw(case)["layout"]["height"] < 1400
