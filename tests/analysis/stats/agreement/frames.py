"""Frames for the tests of agreement: from a table of grades, or from a reference cohort."""

import json
import os
from pathlib import Path

import pandas as pd

from analysis.stats.agreement.agreement_json import as_json
from analysis.stats.agreement.inter_reader import agreement
from analysis.stats.frame.canonical import FRAME_COLUMNS

REFERENCE = Path(__file__).parents[3] / "reference"
EXAMPLES = 1000 if os.environ.get("THIGHSITE_FULL") else 40


def frame_of(*grades: dict) -> pd.DataFrame:
    """A frame with one row per given grade; what is not said is usual."""
    usual = {"participant": "P1", "group": "DM", "reader": "reader1", "occasion": 1, "feature": "edema"}
    usual |= {"sequence": "STIR", "muscle": "VL", "side": "both", "score": None}
    rows = [{**usual, **grade} for grade in grades]
    rows = [{"mri": f"{row['participant']}-1", **row} for row in rows]
    return pd.DataFrame(rows, columns=list(FRAME_COLUMNS))


def frame_of_scores(scores: dict[str, list[int | None]], **fields) -> pd.DataFrame:
    """A frame in which reader R gave participant P1, P2, … the scores listed under R."""
    return frame_of(
        *(
            {"participant": f"P{place}", "reader": reader, "score": score, **fields}
            for reader, column in scores.items()
            for place, score in enumerate(column, start=1)
        )
    )


def cohort_frame(name: str) -> pd.DataFrame:
    """A reference cohort with one MRI per participant."""
    participants = pd.read_csv(REFERENCE / f"{name}.participants.csv")
    grades = pd.read_csv(REFERENCE / f"{name}.grades.csv")
    return grades.merge(participants[["participant", "group"]]).assign(occasion=1)[list(FRAME_COLUMNS)]


def answer(frame, resamples=50):
    """The JSON object of a frame, having been through JSON, which refuses NaN."""
    return json.loads(json.dumps(as_json(agreement(frame, resamples=resamples), study="demo"), allow_nan=False))
