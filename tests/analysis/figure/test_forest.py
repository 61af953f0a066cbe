"""The forest plot: each muscle's difference and interval as numbers and as marks, and what cannot be estimated."""

import json
from copy import deepcopy

import pytest

from analysis.figure.forest import forest
from analysis.figure.palette import PAPER
from analysis.words.notation import interval, number
from grading.anatomy import MUSCLES
from tests.analysis.figure.answers import DM, IMNM, answer


@pytest.fixture
def asked():
    return deepcopy(answer("25 participants"))


def draw(asked):
    figure = forest(*asked)
    json.dumps(figure, allow_nan=False)
    return figure


def words(figure):
    return [note["text"] for note in figure["layout"]["annotations"]]


def estimates(figure):
    """(estimate, low, high) of each row, from top to bottom."""
    found = []
    for trace in figure["data"]:
        if "error_x" in trace:
            bars = trace["error_x"]
            rows = zip(trace["y"], trace["x"], bars["arrayminus"], bars["array"], strict=True)
            found += [(row, x, x - below, x + above) for row, x, below, above in rows]
    return [tuple(rest) for _, *rest in sorted(found)]


def test_marks_and_numbers_are_the_results(asked):
    figure = draw(asked)

    for muscle, drawn in zip(asked[0]["muscles"], estimates(figure), strict=True):
        assert drawn == pytest.approx((muscle["estimate"], muscle["ci_low"], muscle["ci_high"]))
        assert f"{number(muscle['estimate'])} {interval(muscle['ci_low'], muscle['ci_high'])}" in words(figure)


def test_every_muscle_is_named_under_its_compartment(asked):
    shown = words(draw(asked))

    for muscle in MUSCLES:
        assert muscle.label in shown
        assert muscle.name in shown
    compartments = list(dict.fromkeys(muscle.compartment for muscle in MUSCLES))
    assert [word for word in shown if word in compartments] == compartments


def test_colour_and_shape_say_who_is_higher_and_grey_that_nothing_is_shown(asked):
    for muscle, (p, estimate) in zip(asked[0]["muscles"], [(0.01, 1.0), (0.01, -1.0), (0.05, 1.0)], strict=False):
        muscle |= {"p_deciding": p, "estimate": estimate, "ci_low": estimate - 0.5, "ci_high": estimate + 0.5}
    asked[0]["muscles"] = asked[0]["muscles"][:3]

    traces = {trace["y"][0]: trace for trace in draw(asked)["data"]}

    assert (traces[1]["error_x"]["color"], traces[1]["marker"]["symbol"]) == (DM.colour, "circle")
    assert (traces[2]["error_x"]["color"], traces[2]["marker"]["symbol"]) == (IMNM.colour, "square")
    assert traces[3]["error_x"]["color"] not in (DM.colour, IMNM.colour)
    assert traces[3]["marker"]["color"] == PAPER


def test_muscle_that_cannot_be_estimated_is_a_dash_with_its_reason():
    result, *rest = answer("not estimable")
    missing = [muscle for muscle in result["muscles"] if muscle["p"] is None]

    figure = draw((result, *rest))

    assert [muscle["muscle"] for muscle in missing] == ["RF", "GR"]
    assert len(estimates(figure)) == 9
    notes = [note for note in figure["layout"]["annotations"] if note["text"] == "– not estimable"]
    assert [note["hovertext"].split("\n")[-1] for note in notes] == [muscle["note"] for muscle in missing]


def test_both_ends_of_the_axis_are_named(asked):
    assert {"← higher in IMNM", "higher in DM →"} <= set(words(draw(asked)))


def test_interval_wider_than_the_page_ends_in_an_arrow_and_keeps_its_numbers(asked):
    asked[0]["muscles"][0] |= {"estimate": 1.0, "ci_low": -30.0, "ci_high": 32.0, "p_deciding": 0.9}

    figure = draw(asked)

    assert estimates(figure)[0] == (1.0, -3.0, 3.0)
    assert [trace["marker"]["symbol"] for trace in figure["data"] if "error_x" not in trace] == [
        "triangle-left",
        "triangle-right",
    ]
    assert "1.00 [−30.00, 32.00]" in words(figure)


@pytest.mark.parametrize(
    ("furthest", "ticks"),
    [
        (0.1, [-0.5, -0.25, 0, 0.25, 0.5]),
        (1.1, [-1.5, -1, -0.5, 0, 0.5, 1, 1.5]),
        (2.24, [-3, -2, -1, 0, 1, 2, 3]),
        (3.03, [-3, -2, -1, 0, 1, 2, 3]),
        (9, [-3, -2, -1, 0, 1, 2, 3]),
    ],
)
def test_axis_is_symmetric_about_no_difference(asked, furthest, ticks):
    for muscle in asked[0]["muscles"]:
        muscle |= {"estimate": 0.0, "ci_low": -furthest, "ci_high": furthest}

    axis = draw(asked)["layout"]["xaxis"]

    assert list(axis["tickvals"]) == pytest.approx(ticks)
    assert list(axis["range"]) == [ticks[0], ticks[-1]]
