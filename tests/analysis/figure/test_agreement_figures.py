"""The figures of agreement draw the numbers of `agreement --format json`, and say what is missing."""

import pytest

from analysis.figure.agreement_forest import agreement_forest
from analysis.figure.bland_altman import bland_altman
from analysis.figure.catalogue import AGREEMENT_FIGURES
from analysis.words.agreement.coefficients import BY_CODE
from analysis.words.notation import interval, number
from grading.anatomy import MUSCLES
from tests.analysis.figure.answers import agreement


def points(figure):
    return [trace for trace in figure["data"] if trace["mode"] == "markers" and trace.get("hovertext")]


def texts(figure):
    return [note["text"] for note in figure["layout"]["annotations"]]


def hovered(figure):
    words = [text for trace in figure["data"] for text in trace.get("hovertext") or ()]
    return words + [note["hovertext"] for note in figure["layout"]["annotations"] if "hovertext" in note]


def test_a_panel_for_each_coefficient_with_a_point_for_each_muscle():
    data = agreement("three readers")

    figure = agreement_forest(*data)

    assert [BY_CODE[code].name for code in data.codes] == [
        text for text in texts(figure) if "," in text and "[" not in text
    ]
    for place, code in enumerate(data.codes):
        axis = f"x{place + 1 if place else ''}"
        drawn = [x for trace in points(figure) if trace["xaxis"] == axis for x in trace["x"]]
        assert drawn == [entry[code]["value"] for entry in data.agreement["inter"]]


def test_numbers_beside_the_points_are_those_of_the_answer():
    data = agreement("one coefficient")
    (code,) = data.codes

    written = texts(agreement_forest(*data))

    for entry in data.agreement["inter"]:
        estimate = entry[code]
        assert f"{number(estimate['value'])} {interval(estimate['ci_low'], estimate['ci_high'])}" in written


def test_pointing_at_a_mark_says_muscle_coefficient_and_units():
    assert any(text.startswith("VL, vastus lateralis\nICC(2,1), absolute agreement: ") and text.endswith("12 units")
               for text in hovered(agreement_forest(*agreement("three readers"))))  # fmt: skip


def test_interval_that_takes_muscles_as_independent_is_dotted_and_marked():
    figure = agreement_forest(*agreement("three readers"))

    dotted = [trace for trace in figure["data"] if trace["mode"] == "lines" and trace["line"].get("dash") == "dot"]
    assert [trace["xaxis"] for trace in dotted] == ["x"]  # of the ICC, over all muscles
    assert len([text for text in texts(figure) if text.endswith("†")]) == 1


def test_axis_begins_at_0_or_below_the_lowest_limit_and_never_under_minus_1():
    assert agreement_forest(*agreement("all equal to each other"))["layout"]["xaxis"]["range"] == [0, 1]

    disagreeing = agreement_forest(*agreement("readers who disagree"))

    assert disagreeing["layout"]["xaxis"]["range"] == [-1, 1]
    assert min(x for trace in disagreeing["data"] for x in trace["x"] if x is not None) >= -1


@pytest.mark.parametrize("case", ["no reads", "one reader", "nobody in common"])
def test_what_is_not_defined_is_a_dash_with_its_reason(case):
    figure = agreement_forest(*agreement(case))

    assert points(figure) == []
    assert texts(figure).count("–") == 3 * (len(MUSCLES) + 1)
    assert all("0 units" in text and len(text.split("\n")) > 2 for text in hovered(figure))


def test_every_pair_with_participants_has_its_dots_and_lines():
    data = agreement("three readers")

    figure = bland_altman(*data)

    for trace, sums, bias in zip(points(figure), data.disagreement["sums"], data.agreement["bias"], strict=True):
        assert list(trace["y"]) == [one - other for one, other, _ in sums["points"]]
        assert list(trace["x"]) == [(one + other) / 2 for one, other, _ in sums["points"]]
        lines = [shape["y0"] for shape in figure["layout"]["shapes"] if shape["xref"] == trace["xaxis"]]
        assert lines == [0, bias["mean_difference"], bias["loa_low"], bias["loa_high"]]
    assert "ann − bob (n = 9)" in texts(figure)


def test_all_pairs_have_the_same_axes():
    layout = bland_altman(*agreement("three readers"))["layout"]

    for letter in "xy":
        assert len({tuple(layout[f"{letter}axis{suffix}"]["range"]) for suffix in ("", "2", "3")}) == 1


def test_dots_grow_with_the_participants_that_coincide():
    (trace, *_) = points(bland_altman(*agreement("all equal to each other")))

    assert list(trace["marker"]["size"]) == [10]
    assert trace["hovertext"] == ["9 participants\nann: sum 11\nbob: sum 11\ndifference 0, mean 11"]


@pytest.mark.parametrize("case", ["no reads", "one reader", "nobody in common"])
def test_without_participants_in_common_the_figure_says_so(case):
    assert texts(bland_altman(*agreement(case))) == ["No participant was graded by both readers of any pair."]


@pytest.mark.parametrize("name", AGREEMENT_FIGURES)
@pytest.mark.parametrize("case", ["no reads", "three readers"])
def test_tables_have_a_cell_for_every_column(name, case):
    table = AGREEMENT_FIGURES[name].table(*agreement(case))

    assert {len(row) for row in table.rows} <= {len(table.head)}


def test_table_of_the_dots_counts_every_participant():
    data = agreement("three readers")

    rows = AGREEMENT_FIGURES["bland-altman"].table(*data).rows

    assert sum(int(row[6]) for row in rows) == sum(bias["participants"] for bias in data.agreement["bias"])
