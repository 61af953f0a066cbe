"""Data that nobody here made, mapped onto the frame, against R (`tests/reference/real_data/real_data.R`).

Scores are millimetres and degrees: nothing may assume grades from 0 to 3.
"""

import json
from pathlib import Path

import pandas as pd
import pytest

from tests.analysis.stats.comparison_frames import compare
from tests.analysis.stats.test_reference import assert_numbers

FOLDER = Path(__file__).parents[2] / "reference" / "real_data"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("df_method", ["kenward-roger", "satterthwaite"])
@pytest.mark.parametrize("name", NAMES)
def test_real_data_agree_with_r(name, df_method):
    frame = pd.read_csv(FOLDER / f"{name}.csv")
    expected = json.loads((FOLDER / f"{name}.json").read_text())
    reference, compared = expected["groups"]
    model = "joint" if name.endswith("joint") else "per-muscle"

    comparison = compare(frame, reference=reference, compared=compared, model=model, df_method=df_method)

    assert comparison.formula == expected["formula"]
    answers = {muscle.muscle: muscle for muscle in comparison.muscles if muscle.contrast}
    assert list(answers) == [row["muscle"] for row in expected["muscles"]]
    for row in expected["muscles"]:
        assert answers[row["muscle"]].status == "ok"
        assert_numbers(answers[row["muscle"]].contrast, row[df_method.replace("-", "_")])


def test_girls_have_the_published_shorter_distance():
    """Potthoff & Roy 1964: mean distance 24.97 mm in boys, 22.65 mm in girls, 16 and 11 children."""
    frame = pd.read_csv(FOLDER / "orthodont.csv")

    muscle = compare(frame, reference="Male", compared="Female").muscles[0]

    assert (muscle.reference.n, muscle.compared.n) == (16, 11)
    assert muscle.reference.mean == pytest.approx(24.97, abs=0.005)
    assert muscle.compared.mean == pytest.approx(22.65, abs=0.005)
    assert muscle.contrast.df == pytest.approx(25)
