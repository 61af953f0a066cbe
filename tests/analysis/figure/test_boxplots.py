"""The figure draws the result's own numbers, and whatever people named is only words in it."""

import json
from copy import deepcopy
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.figure.boxplots import boxplots
from analysis.figure.group import Group
from analysis.figure.swarm import swarm, whiskers
from analysis.figure.words import legend_text
from analysis.stats.comparison_json import as_json
from analysis.stats.participant_means import participant_means
from grading.anatomy import MUSCLE_CODES, MUSCLES
from tests.analysis.stats.comparison_frames import compare, cut
from tests.reference_cohorts import reference_frame

IMNM = Group("IMNM", "immune-mediated necrotizing myopathy", "#009E73")
DM = Group("DM", "dermatomyositis", "#D55E00")
MARKS = [
    (0.0009, "***"),
    (0.001, "**"),
    (0.0099, "**"),
    (0.01, "*"),
    (0.049, "*"),
    (0.05, "NS"),
    (1.0, "NS"),
    (None, "–"),
]


@pytest.fixture(scope="module")
def frame():
    return reference_frame("balanced")


@pytest.fixture(scope="module")
def result(frame):
    return as_json(compare(frame, permutations=100), study="thighs")


@pytest.fixture
def changed(result):
    return deepcopy(result)


def draw(result, frame, groups=(IMNM, DM)):
    figure = boxplots(result, participant_means(cut(frame, result["set"], "IMNM", "DM")), groups)
    json.dumps(figure, allow_nan=False)
    return figure


def boxes(figure):
    return [trace for trace in figure["data"] if trace["type"] == "box"]


def points(figure):
    return [trace for trace in figure["data"] if trace.get("mode") == "markers"]


def marks(figure):
    return [note["text"] for note in figure["layout"]["annotations"] if "hovertext" in note]


def brackets(figure):
    return [shape for shape in figure["layout"]["shapes"] if shape["type"] == "path"]


def hovered(figure):
    words = [text for trace in figure["data"] for text in trace.get("hovertext") or []]
    return words + [note["hovertext"] for note in figure["layout"]["annotations"] if "hovertext" in note]


def test_boxes_are_the_tables_own_quartiles(result, frame):
    for trace, group in zip(boxes(draw(result, frame)), ("DM", "IMNM"), strict=True):
        for key in ("q1", "median", "q3"):
            assert list(trace[key]) == [muscle["groups"][group][key] for muscle in result["muscles"]]


def test_muscles_stand_in_the_papers_order_with_the_compared_group_left(result, frame):
    figure = draw(result, frame)
    compared, reference = boxes(figure)

    assert list(figure["layout"]["xaxis"]["ticktext"]) == [muscle.label for muscle in MUSCLES]
    assert np.allclose(np.add(compared["x"], reference["x"]) / 2, range(11))
    assert all(np.less(compared["x"], reference["x"]))


def test_groups_have_the_studys_colours_and_differ_in_shape_too(result, frame):
    figure = draw(result, frame, (IMNM, replace(DM, colour="#123456")))

    assert [trace["line"]["color"] for trace in boxes(figure)] == ["#123456", "#009E73"]
    assert boxes(figure)[0]["fillcolor"].startswith("rgba(18,52,86,")
    assert len({trace["marker"]["symbol"] for trace in points(figure)}) == 2


def test_every_participant_is_a_point_at_the_mean(result, frame):
    means = frame.groupby(["group", "muscle", "participant"], observed=True)["score"].mean()

    for trace, group in zip(points(draw(result, frame)), ("DM", "IMNM"), strict=True):
        found = {muscle: [] for muscle in MUSCLE_CODES}
        for x, y in zip(trace["x"], trace["y"], strict=True):
            found[MUSCLE_CODES[round(x)]].append(y)
        for muscle, values in found.items():
            assert sorted(values) == pytest.approx(sorted(means[group, muscle]))


def test_points_of_equal_means_can_be_told_apart(result, frame):
    for trace in points(draw(result, frame)):
        places = list(zip(np.round(trace["x"], 6), np.round(trace["y"], 6), strict=True))
        assert len(set(places)) == len(places)


def test_figure_does_not_depend_on_the_order_of_rows_or_of_categories(result, frame):
    backwards = pd.CategoricalDtype(sorted(frame["participant"].unique(), reverse=True))
    shuffled = frame.sample(frac=1, random_state=1).astype({"participant": backwards})

    assert draw(result, frame) == draw(result, shuffled)


@pytest.mark.parametrize("name", ["all", "edema"])
def test_figure_of_a_set_shows_the_participants_of_that_set(frame, name):
    by_edema = frame.loc[frame["feature"] == "edema", "participant"].nunique()
    assert by_edema < frame["participant"].nunique()

    figure = draw(as_json(compare(frame, analysis_set=name, permutations=0), study="thighs"), frame)

    shown = by_edema if name == "edema" else frame["participant"].nunique()
    assert sum(len(trace["x"]) for trace in points(figure)) == 11 * shown


@pytest.mark.parametrize(("p", "mark"), MARKS)
def test_mark_says_how_small_p_is(changed, frame, p, mark):
    changed["muscles"][3]["p_deciding"] = p

    figure = draw(changed, frame)

    assert marks(figure)[3] == mark
    assert len(brackets(figure)) == (10 if p is None else 11)


def test_hover_says_what_a_reviewer_would_ask(changed, frame):
    changed["muscles"][0] |= {
        "estimate": -1.2345,
        "ci_low": -2,
        "ci_high": -0.5,
        "df": 22.96,
        "p": 2.34e-7,
        "p_holm": 0.0456,
    }

    text = next(text for text in hovered(draw(changed, frame)) if text.startswith("VL, vastus lateralis\nDM:"))

    for words in (
        "n = 11, median",
        "DM − IMNM −1.23",
        "[−2.00, −0.50]",
        "2.3 × 10⁻⁷",
        "Kenward–Roger, df 23.0",
        "Holm p 0.046",
    ):
        assert words in text


def test_muscle_without_an_answer_says_why():
    frame = reference_frame("balanced")
    frame = frame.assign(score=frame["score"].where(frame["muscle"] != "RF").where(frame["muscle"] != "GR", 2))
    result = as_json(compare(frame, permutations=0), study="thighs")

    figure = draw(result, frame)

    notes = {muscle["muscle"]: muscle["note"] for muscle in result["muscles"]}
    assert [marks(figure)[MUSCLE_CODES.index(muscle)] for muscle in ("RF", "GR")] == ["–", "–"]
    assert f"RF, rectus femoris\nNot estimable.\n{notes['RF']}" in hovered(figure)
    assert f"Gr, gracilis\nNot estimable.\n{notes['GR']}" in hovered(figure)
    assert [len(trace["x"]) for trace in boxes(figure)] == [10, 10]


@pytest.mark.parametrize("participants", [0, 1, 2, 3])
def test_few_participants_are_drawn_as_far_as_there_are_any(frame, participants):
    few = frame[frame["participant"].isin(sorted(frame["participant"].unique())[:participants])]

    figure = draw(as_json(compare(few, permutations=0), study="thighs"), few)

    assert sum(len(trace["x"]) for trace in points(figure)) == 11 * participants


def test_long_name_is_shortened_in_the_legend_and_keeps_its_number():
    assert legend_text("DM", "x" * 100, 7) == "DM " + "x" * 60 + "… (n = 7)"


@pytest.mark.parametrize(
    ("values", "q1", "q3", "expected"),
    [
        ([0, 1, 1.5, 2, 3], 1, 2, (0, 3)),
        ([0, 2, 2.2, 2.4, 3], 2, 2.4, (2, 3)),  # 3.0 lies exactly at 1.5 interquartile ranges
        ([0, 2, 2.2, 2.4, 3], 2, 2.3, (2, 2.4)),
        ([0, 3, 3, 3], 2.25, 3, (2.25, 3)),  # nothing between the fence and the box: no whisker
    ],
)
def test_whiskers_reach_the_furthest_point_within_one_and_a_half_ranges(values, q1, q3, expected):
    assert whiskers(values, q1, q3) == expected


@pytest.mark.parametrize("count", [1, 2, 7, 150])
def test_swarm_is_centred_and_stays_in_its_box(count):
    offsets = swarm([1.0] * count)

    assert sum(offsets) == pytest.approx(0)
    assert max(map(abs, offsets)) <= 0.15 + 1e-12
    assert len(set(np.round(offsets, 9))) == count
