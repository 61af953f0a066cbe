"""Frames for the tests of the comparison: regular cohorts, and small ones that hypothesis makes up."""

from itertools import product

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from analysis.stats.comparison import Comparison
from analysis.stats.comparison import compare as compare_cut
from analysis.stats.frame.canonical import FRAME_COLUMNS
from analysis.stats.frame.cut import CutData, cut_data
from grading.anatomy import MUSCLE_CODES


def cohort(
    participants: int = 12,
    readers: int = 3,
    sides: tuple[str, ...] = ("both",),
    muscles: tuple[str, ...] = MUSCLE_CODES,
    seed: int = 1,
    between: float = 0.8,
    within: float = 0.5,
    effect: float = 0.6,
) -> pd.DataFrame:
    """A complete cohort, half of it DM: scores 0 to 3 from participants', muscles' and reads' normal deviates."""
    random = np.random.default_rng(seed)
    rows = pd.DataFrame(
        product(range(participants), muscles, range(readers), sides), columns=["number", "muscle", "reader", "side"]
    )
    muscle = rows["muscle"].map({code: place for place, code in enumerate(muscles)}).to_numpy()
    is_dm = rows["number"].to_numpy() % 2 == 1
    own = random.normal(0, between, participants)[rows["number"]]
    of_muscle = random.normal(0, between, (participants, len(muscles)))[rows["number"], muscle]
    score = 1.2 + effect * is_dm + own + of_muscle + 0.2 * rows["reader"] + random.normal(0, within, len(rows))
    return frame_of(
        participant=[f"P{number:03d}" for number in rows["number"]],
        group=np.where(is_dm, "DM", "IMNM"),
        reader=[f"reader{number + 1}" for number in rows["reader"]],
        muscle=rows["muscle"],
        side=rows["side"],
        score=score.round().clip(0, 3),
    )


def cut(frame: pd.DataFrame, analysis_set: str = "all", reference: str = "IMNM", compared: str = "DM") -> CutData:
    """The frame's DM compared with its IMNM, unless something else is asked."""
    return cut_data(frame, reference=reference, compared=compared, analysis_set=analysis_set)


def compare(
    frame: pd.DataFrame, *, analysis_set: str = "all", reference: str = "IMNM", compared: str = "DM", **question
) -> Comparison:
    """DM compared with IMNM, unless something else is asked."""
    return compare_cut(cut(frame, analysis_set, reference, compared), **question)


def frame_of(**columns) -> pd.DataFrame:
    """A frame with everything else as simple as can be: one MRI each, first edema reads of both thighs on STIR."""
    simple = {
        "occasion": 1,
        "sequence": "STIR",
        "feature": "edema",
        "side": "both",
        "muscle": "VL",
        "reader": "reader1",
    }
    frame = pd.DataFrame(columns)
    frame = frame.assign(**{name: value for name, value in simple.items() if name not in frame})
    if "mri" not in frame:
        frame = frame.assign(mri=[f"{participant}-1" for participant in frame["participant"]])
    return frame[list(FRAME_COLUMNS)]


@st.composite
def small_frames(draw, whole_scores: bool = True) -> pd.DataFrame:
    """Up to seven participants in up to three groups, three readers, three muscles; anything may be missing."""
    participants = draw(st.integers(0, 7))
    groups = draw(
        st.lists(st.sampled_from(["IMNM", "DM", "DM", "IMNM", "IBM"]), min_size=participants, max_size=participants)
    )
    features = draw(st.lists(st.sampled_from(["edema", "edema", "fat"]), min_size=participants, max_size=participants))
    sides = draw(st.sampled_from([("both",), ("left", "right")]))
    readers = draw(st.integers(1, 3))
    muscles = draw(st.sampled_from([("VL",), ("VL", "GR"), ("VM", "RF", "SA")]))
    keys = list(product(range(participants), range(readers), muscles, sides))
    whole = st.sampled_from([0, 1, 2, 3, None])
    score = whole if whole_scores else st.one_of(whole, st.floats(-100, 100), st.just(np.inf))
    scores = draw(st.lists(st.one_of(score, st.just("no row")), min_size=len(keys), max_size=len(keys)))
    kept = [(*key, score) for key, score in zip(keys, scores, strict=True) if score != "no row"]
    rows = pd.DataFrame(kept, columns=["number", "reader", "muscle", "side", "score"])
    return frame_of(
        participant=[f"P{number}" for number in rows["number"]],
        group=[groups[number] for number in rows["number"]],
        feature=[features[number] for number in rows["number"]],
        reader=[f"reader{number}" for number in rows["reader"]],
        muscle=rows["muscle"],
        side=rows["side"],
        score=rows["score"].astype(float),
    )
