"""The reference cohorts as frames, and what R says of them (`reference.R` beside the files)."""

import json
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.stats.frame.canonical import FRAME_COLUMNS

FOLDER = Path(__file__).parent / "reference"
ANSWERS = tuple(
    tuple(path.name.split(".")[:2])
    for name in ("all", "edema", "fat")
    for path in sorted(FOLDER.glob(f"*.{name}.json"))
)


@cache
def reference_frame(name: str, folder: Path = FOLDER) -> pd.DataFrame:
    """NAME.participants.csv and NAME.grades.csv as a frame: the grades of each participant's first MRI."""
    participants = pd.read_csv(folder / f"{name}.participants.csv")
    grades = pd.read_csv(folder / f"{name}.grades.csv").assign(occasion=1)
    rows = grades.merge(first_mris(participants)[["participant", "group", "mri"]], on=["participant", "mri"])
    return rows[list(FRAME_COLUMNS)]


def first_mris(participants: pd.DataFrame) -> pd.DataFrame:
    """One row per participant: smallest days since the first MRI (missing last), then smallest MRI code."""
    days = participants.get("days_since_first_mri", pd.Series(index=participants.index, dtype=float))
    ordered = participants.assign(days=days).sort_values(["participant", "days", "mri"], na_position="last")
    return ordered.drop_duplicates("participant")


@cache
def reference_answer(name: str, analysis_set: str, folder: Path = FOLDER) -> dict:
    return json.loads((folder / f"{name}.{analysis_set}.json").read_text())
