"""Answers of every kind that a figure must draw: few and many participants or readers, and whatever people name."""

from dataclasses import replace
from random import Random

import pandas as pd

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES
from analysis.figure.figure_data import AgreementData, FigureData
from analysis.figure.group import Group
from analysis.stats.agreement.result import agreement_result
from analysis.stats.comparison_json import as_json
from analysis.stats.participant_means import participant_means
from analysis.stats.pattern_score import AT_ONCE
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.words.agreement.summary import HEADLINE_COEFFICIENTS
from grading.anatomy import MUSCLE_CODES
from tests.analysis.stats.agreement.frames import frame_of
from tests.analysis.stats.comparison_frames import cohort, compare, cut
from tests.once import once_a_run
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

_ATTACK = "\"y' <script>alert(1)</script> &amp;"
_READERS = {
    "no reads": (),
    "one reader": ("ann",),
    "two readers": ("ann", "bob"),
    "three readers": ("ann", "bob", "cy"),
    "ten readers": tuple(f"reader{number}" for number in range(10)),
    "long readers": ("W" * 150, "a reader with a long name " * 6, "m" * 150),
    "readers of markup": ("<b>&one", _ATTACK, "var(--ink)"),
    "readers who disagree": ("ann", "bob"),
    "nobody in common": ("ann", "bob"),
    "all equal to each other": ("ann", "bob", "cy"),
    "one coefficient": ("ann", "bob", "cy"),
}
AGREEMENT_CASES = tuple(_READERS)
# Every figure with every case that it must draw.
EVERY = [(figure, case) for figure in FIGURES.values() for case in CASES] + [
    (figure, case) for figure in AGREEMENT_FIGURES.values() for case in AGREEMENT_CASES
]
IDS = [f"{figure.name}, {case}" for figure, case in EVERY]


def data_of(case: str) -> FigureData | AgreementData:
    """What figures of a case are drawn from, be it of a comparison or of readers."""
    return answer(case) if case in _FRAMES else agreement(case)


@once_a_run
def agreement(case: str) -> AgreementData:
    """Agreement of a case. What it returns is shared: change a copy."""
    found = agreement_result(_graded(case, _READERS[case]), study="thighs")
    return AgreementData(**found, codes=("alpha_ordinal",) if case == "one coefficient" else HEADLINE_COEFFICIENTS)


def _graded(case: str, readers: tuple[str, ...]) -> pd.DataFrame:
    """Reads of twelve participants, three of whom nobody graded completely."""
    random = Random(7)
    grades = []
    for number in range(12):
        for muscle in MUSCLE_CODES:
            usual = random.randint(0, 3)
            for place, reader in enumerate(readers):
                score: int | None = min(3, max(0, usual + random.choice((-1, 0, 0, 0, 1))))
                if case == "readers who disagree":
                    score = (3 - usual) if place else usual
                if case == "all equal to each other":
                    score = 1
                if muscle == "GR" and number < 3 and place:
                    score = None
                if case != "nobody in common" or number % 2 == place:
                    grades.append({"participant": f"P{number:02}", "reader": reader, "muscle": muscle, "score": score})
    return frame_of(*grades)


@once_a_run
def answer(case: str) -> FigureData:
    """Result, participant_means and groups of a case. What it returns is shared: change a copy."""
    frame = _FRAMES[case]()
    groups = {"long names": LONG, "markup": MARKUP}.get(case, (IMNM, DM))
    codes = {"reference": groups[0].code, "compared": groups[1].code}
    result = as_json(compare(frame, **codes, permutations=0), study="thighs")
    own = cut(frame, "all", *codes.values())
    if result["n"]["participants"] <= AT_ONCE:
        result["pattern_score"] = pattern_score_result(own)
    return FigureData(result, participant_means(own), groups)
