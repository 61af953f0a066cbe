"""Bars of grades: shares of the counts, digits where they fit, counts on hover."""

import json

import pytest

from analysis.figure.grades import grades
from tests.analysis.figure.answers import CASES, answer


def draw(case):
    figure = grades(*answer(case))
    json.dumps(figure, allow_nan=False)
    return figure


def bars(figure):
    return [trace for trace in figure["data"] if trace["type"] == "bar"]


@pytest.mark.parametrize("case", CASES)
def test_bars_are_whole_and_grades_stack_without_a_gap(case):
    drawn = bars(draw(case))

    assert len(drawn) == 4
    for bases, heights in zip(zip(*(t["base"] for t in drawn)), zip(*(t["y"] for t in drawn)), strict=True):  # noqa: B905
        assert sum(heights) == pytest.approx(1)
        assert list(bases) == pytest.approx([sum(heights[:grade]) for grade in range(4)])


def test_shares_are_those_of_the_counts_with_the_compared_group_left():
    _, participant_means, _ = answer("25 participants")
    severe = bars(draw("25 participants"))[3]

    drawn = dict(zip(severe["x"], severe["y"], strict=True))

    for position, (_, groups) in enumerate(participant_means["grades"].items()):
        assert drawn[position - 0.21] == groups["DM"][3] / sum(groups["DM"])
        assert drawn[position + 0.21] == groups["IMNM"][3] / sum(groups["IMNM"])


def test_hover_gives_the_counts():
    _, participant_means, _ = answer("25 participants")
    mild, total = participant_means["grades"]["VL"]["DM"][1], sum(participant_means["grades"]["VL"]["DM"])

    text = bars(draw("25 participants"))[1]["hovertext"][0]

    assert text.startswith(f"VL, DM\ngrade 1, mild (up to 30 %): {mild} of {total}\n")


def test_digit_is_left_out_where_it_would_not_fit():
    for trace in bars(draw("25 participants")):
        for share, digit in zip(trace["y"], trace["text"], strict=True):
            assert bool(digit) == (share >= 15 / (332 / 1.06))


def test_muscle_without_grades_has_no_bar():
    figure = draw("not estimable")

    assert {len(trace["x"]) for trace in bars(figure)} == {20}
    assert [len(trace["x"]) for trace in figure["data"][:2]] == [10, 10]  # nor a mark of the group
