"""The ordinal scale and its wording, the features, the sequences that show them, and the states of a read.

The paper prints 1 as "<30 %" and 2 as "31-75 %", which leaves 30 to 31 % undefined. Here 1 reaches up to and
including 30 %, and 2 begins above it. This is the one place where the wording is kept.

A muscle that cannot be judged has no score. How that is written, and where:

    not assessable              in words: pages, the trail, the text that a signature binds
    score null, not_assessable  in the database and in JSON: NULL with true beside it
    empty, true                 in the long CSV's columns score and not_assessable
    NA                          in the wide CSV, where an empty field means not graded
    NOT_ASSESSABLE              as the value of a choice on the grading page
    None                        as the score of an import's or a signed grade
    NaN                         in the frame, and so in everything that is computed
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    score: int
    name: str
    extent: str  # share of the muscle involved


SCALE = (
    Step(0, "normal", "none"),
    Step(1, "mild", "up to 30 %"),
    Step(2, "moderate", "31–75 %"),
    Step(3, "severe", "over 75 %"),
)
SCORES = tuple(step.score for step in SCALE)

NOT_ASSESSABLE = "na"

FEATURES = EDEMA, FAT = ("edema", "fat")
FEATURE_NAMES = {EDEMA: "edema", FAT: "fatty infiltration"}  # on screen
SEQUENCES = STIR, T1W, T2FS = ("STIR", "T1W", "T2FS")
STATUSES = ASSIGNED, DRAFT, SIGNED_OFF = ("assigned", "draft", "signed_off")  # of a read, in the order of its life

# Edema is bright where fat is suppressed; fatty infiltration shows on plain T1 weighting.
USUAL_SEQUENCES = {EDEMA: (STIR, T2FS), FAT: (T1W,)}


def is_usual_pairing(feature: str, sequence: str) -> bool:
    """Say whether a feature is normally read on a sequence. KeyError for an unknown feature."""
    return sequence in USUAL_SEQUENCES[feature]
