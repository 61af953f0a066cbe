"""Each reader against decided and settled units: numbers as R has them, and what has no number says why."""

import json

import pandas as pd
import pytest

from analysis.stats.agreement.against import CALIBRATION_COLUMNS, against
from analysis.stats.frame.adjudicated import CELL, DECISION_COLUMNS
from tests.analysis.stats.agreement.frames import REFERENCE, cohort_frame, frame_of_scores
from tests.near import near

# R writes a number that is whole without a point.
BY_R = json.loads((REFERENCE / "against.json").read_text(), parse_int=float)["cohorts"]
NO_CALIBRATION = pd.DataFrame(columns=list(CALIBRATION_COLUMNS))
NOTHING = {"value": None, "ci_low": None, "ci_high": None}
COUNTS, COEFFICIENTS = ("units", "undecided"), ("exact", "kappa_linear", "kappa_quadratic")


def decided_where_two_apart(frame):
    """As the R script decides: where all readers have scores that differ by 2 or more, their largest."""
    scores = frame.groupby(list(CELL))["score"]
    cells = scores.agg(["min", "max", "size", "count"]).reset_index()
    cells = cells[(cells["max"] - cells["min"] >= 2) & (cells["size"] == cells["count"])]
    return cells.assign(score=cells["max"])[list(DECISION_COLUMNS)]


def decided(**scores):
    """Decisions on VL of the participants who are named."""
    cells = [[name, f"{name}-1", "edema", "VL", "both", score] for name, score in scores.items()]
    return pd.DataFrame(cells, columns=list(DECISION_COLUMNS))


@pytest.mark.parametrize("cohort", BY_R)
def test_numbers_are_those_of_r(cohort):
    frame = cohort_frame(cohort).sample(frac=1, random_state=1)

    found = against(frame, decided_where_two_apart(frame), NO_CALIBRATION, resamples=2)

    by_r = [
        ((kind, reader), expected)
        for kind, readers in BY_R[cohort].items()
        for reader, entries in readers.items()
        for expected in entries
    ]
    for ours, (name, expected) in zip(found, by_r, strict=True):
        assert (ours["against"], ours["reader"]) == name
        assert {key: ours[key] for key in ("muscle", *COUNTS)} == {key: expected[key] for key in ("muscle", *COUNTS)}
        values = {code: ours[code]["value"] for code in COEFFICIENTS}
        assert values == near({code: expected.get(code) for code in COEFFICIENTS})
        assert ours["mean_difference"] == near(expected.get("mean_difference", NOTHING))


def test_what_is_left_out_is_counted_and_what_has_no_number_says_why():
    frame = frame_of_scores({"ann": [0, 0, 2, 1, None, None, 3], "bob": [3, 3, 2, 2, 1, None, None]})
    frame = frame[~((frame["participant"] == "P7") & (frame["reader"] == "bob"))]

    found = against(frame, decided(P1=3, P2=None, P9=1), NO_CALIBRATION)

    vl = {(each["against"], each["reader"]): each for each in found if each["muscle"] == "VL"}
    counts = {name: (each["units"], each["undecided"], each["not_assessable"]) for name, each in vl.items()}
    # P1 is decided; P2 is not assessable; P3 and P6 are alike, in ×; P4 and P5 are undecided; P7 has one reader.
    assert counts == dict.fromkeys([("decided", "ann"), ("decided", "bob")], (1, 2, 1)) | dict.fromkeys(
        [("settled", "ann"), ("settled", "bob")], (2, 2, 2)
    )
    assert vl["decided", "ann"]["mean_difference"] == {"value": -3.0, "ci_low": None, "ci_high": None}
    assert "no interval from one participant" in vl["decided", "ann"]["note"]
    assert vl["decided", "bob"]["kappa_linear"]["value"] is None
    assert "kappa_linear, kappa_quadratic: no variance" in vl["decided", "bob"]["note"]
    assert {each["note"] for each in found if not each["units"]} == {"no unit was decided", "no unit is settled"}
    assert against(frame, decided(P9=1), NO_CALIBRATION) == []
