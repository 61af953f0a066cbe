"""The ordinal scale, its wording, and which sequence shows which feature. Pure: no Django.

The paper prints 1 as "<30 %" and 2 as "31-75 %", which leaves 30 to 31 % undefined. Here 1 reaches up to and
including 30 %, and 2 begins above it. This is the one place where the wording is kept.
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

FEATURES = ("edema", "fat")
SEQUENCES = ("STIR", "T1W", "T2FS")

# Edema is bright where fat is suppressed; fatty infiltration shows on plain T1 weighting.
USUAL_SEQUENCES = {"edema": ("STIR", "T2FS"), "fat": ("T1W",)}


def is_usual_pairing(feature: str, sequence: str) -> bool:
    """Whether a feature is normally read on a sequence. KeyError for an unknown feature."""
    return sequence in USUAL_SEQUENCES[feature]
