"""Answers of every kind that a figure must be able to draw: few and many participants, and whatever people name."""

from dataclasses import replace
from functools import cache

import pandas as pd

from analysis.figure import Group
from analysis.figure.catalogue import Answer
from analysis.stats.comparison import compare
from analysis.stats.comparison_json import as_json
from analysis.stats.participant_means import profiles
from tests.analysis.stats.comparison_frames import cohort
from tests.reference_cohorts import reference_frame

IMNM = Group("IMNM", "immune-mediated necrotizing myopathy", "#009E73")
DM = Group("DM", "dermatomyositis", "#D55E00")
LONG = (Group("W" * 20, "W" * 100, "#009E73"), Group("m" * 20, "long name of a diagnosis group " * 3, "#D55E00"))
MARKUP = (replace(IMNM, name="<b>x</b> & <i>"), replace(DM, name="\"y' <script>alert(1)</script> &amp;"))


def _of(participants: int) -> pd.DataFrame:
    frame = cohort(max(participants, 1), seed=3)
    inverse = frame["muscle"].isin(["BFLH", "SM", "ADD"])
    score = (frame["score"] + 2 * (inverse & (frame["group"] == "IMNM")) - inverse).clip(0, 3)
    return frame.assign(score=score)[frame["participant"].isin([f"P{number:03d}" for number in range(participants)])]


def _not_estimable() -> pd.DataFrame:
    frame = reference_frame("missing-cells")
    return frame.assign(score=frame["score"].where(frame["muscle"] != "RF").where(frame["muscle"] != "GR", 2))


def _one_group() -> pd.DataFrame:
    frame = _of(25)
    return frame[frame["group"] == "DM"]


def _long() -> pd.DataFrame:
    frame = _of(25)
    codes = {"IMNM": LONG[0].code, "DM": LONG[1].code}
    return frame.assign(participant="W" * 36 + frame["participant"], group=frame["group"].map(codes))


def _markup() -> pd.DataFrame:
    frame = _of(25)
    return frame.assign(participant="<i>&\"'" + frame["participant"] + "</i>&amp;")


_FRAMES = {
    "no participant": lambda: _of(0),
    "one participant": lambda: _of(1),
    "3 participants": lambda: _of(3),
    "4 participants": lambda: _of(4),
    "25 participants": lambda: reference_frame("balanced"),
    "90 participants": lambda: _of(90),
    "300 participants": lambda: _of(300),
    "3000 participants": lambda: _of(3000),
    "one group": _one_group,
    "all equal": lambda: _of(12).assign(score=2),
    "not estimable": _not_estimable,
    "long names": _long,
    "markup": _markup,
}
CASES = tuple(_FRAMES)


@cache
def answer(case: str) -> Answer:
    """Result, profiles and groups of a case. What it returns is shared: change a copy."""
    frame = _FRAMES[case]()
    groups = {"long names": LONG, "markup": MARKUP}.get(case, (IMNM, DM))
    codes = {"reference": groups[0].code, "compared": groups[1].code}
    result = as_json(compare(frame, **codes, permutations=0), study="thighs")
    return result, profiles(frame, "all", *codes.values()), groups
