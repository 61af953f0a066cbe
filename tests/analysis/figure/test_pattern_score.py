"""The pattern's score: every scored participant a point, and a curve whose area is the one that is stated."""

import json
from itertools import pairwise

import pytest

from analysis.figure.catalogue import FIGURES
from analysis.figure.pattern_score import pattern_score_figure
from tests.analysis.figure.answers import CASES, answer


@pytest.mark.parametrize("case", CASES)
def test_points_are_the_held_out_scores_and_the_area_below_the_curve_is_the_one_stated(case):
    result, *_ = data = answer(case)
    found = result.get("pattern_score")
    rows = FIGURES["pattern-score"].table(*data).rows

    drawn = pattern_score_figure(*data)

    json.dumps(drawn, allow_nan=False)
    if found is None or found["value"] is None:
        words = " ".join(note["text"] for note in drawn["layout"]["annotations"])
        assert not drawn["data"]
        assert found["note"] in words if found else "takes longer with more than 100 participants" in words
        return
    *points, curve = drawn["data"]
    scored = [entry for entry in found["participants"] if entry["score"] is not None]
    assert sorted(y for trace in points for y in trace["y"]) == sorted(entry["score"] for entry in scored)
    assert len(rows) == len(found["participants"])
    steps = list(zip(curve["x"], curve["y"], strict=True))
    area = sum((x - left) * (low + high) / 2 for (left, low), (x, high) in pairwise(steps))
    assert (steps[0], steps[-1]) == ((0, 0), (1, 1))
    assert area == pytest.approx(found["value"], abs=1e-12)
    assert drawn["layout"]["annotations"][-1]["text"] == f"area {found['value']:.2f}"


def test_a_point_and_a_step_of_the_curve_say_what_they_are():
    result, *_ = data = answer("25 participants")
    best = max(result["pattern_score"]["participants"], key=lambda entry: entry["score"])

    *points, curve = pattern_score_figure(*data)["data"]

    said = f"{best['participant']} ({best['group']}): score {best['score']:.2f}"
    assert said in [words for trace in points for words in trace["hovertext"]]
    assert curve["hovertext"][1] == f"score {best['score']:.2f} or higher\nDM: 1 of 11\nIMNM: 0 of 14"
