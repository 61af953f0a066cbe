"""What the reports' codes are, and of which scheme. Pure: no Django, no DICOM library.

Muscles bear the codes that DICOM itself has for each of them: ISO/IEEE 11073-10101 (MDC), in its context group CID
3031. Of SNOMED CT (SCT), which DICOM uses for sides and findings, no context group has the muscles of the thigh. What
no scheme has, such as this scale, is coded under a private one.
"""

from typing import NamedTuple

from grading import scale


class Code(NamedTuple):
    """A code in the order of DICOM's Basic Code Sequence."""

    value: str
    scheme: str
    meaning: str


SCHEME = "99THIGHSITE"  # private schemes begin with 99 (PS3.3, 8.2)
SCHEME_NAME = "Codes of thighsite, a site for graded reads of thigh MRIs"

# The paper grades the adductors as one: they are a finding in three muscles.
MUSCLES = {
    "VL": (Code("7:840", "MDC", "Musculus vastus lateralis"),),
    "VM": (Code("7:848", "MDC", "Musculus vastus medialis"),),
    "VI": (Code("7:844", "MDC", "Musculus vastus intermedius"),),
    "RF": (Code("7:836", "MDC", "Musculus rectus femoris"),),
    "BFSH": (Code("7:880", "MDC", "Musculus biceps femoris Caput breve"),),
    "BFLH": (Code("7:876", "MDC", "Musculus biceps femoris Caput longum"),),
    "SM": (Code("7:888", "MDC", "Musculus semimembranosus"),),
    "ST": (Code("7:884", "MDC", "Musculus semitendinosus"),),
    "ADD": (
        Code("7:856", "MDC", "Musculus adductor longus"),
        Code("7:860", "MDC", "Musculus adductor brevis"),
        Code("7:864", "MDC", "Musculus adductor magnus"),
    ),
    "GR": (Code("7:868", "MDC", "Musculus gracilis"),),
    "SA": (Code("7:828", "MDC", "Musculus sartorius"),),
}

SIDES = {  # CID 244
    "both": Code("51440002", "SCT", "Bilateral"),
    "left": Code("7771000", "SCT", "Left"),
    "right": Code("24028007", "SCT", "Right"),
}

FINDINGS = {
    scale.EDEMA: Code("79654002", "SCT", "Edema"),
    scale.FAT: Code("FAT", SCHEME, "Fatty infiltration"),
}

GRADES = {feature: Code(f"GRADE-{feature.upper()}", SCHEME, f"Grade of {name}, 0 to 3") for feature, name in
          scale.FEATURE_NAMES.items()}  # fmt: skip

SCORES = {step.score: Code(f"GRADE-{step.score}", SCHEME, f"{step.score}, {step.name}: {step.extent}")
          for step in scale.SCALE}  # fmt: skip
NOT_ASSESSABLE = Code("NOT-ASSESSABLE", SCHEME, "not assessable")

METHODS = {sequence: Code(f"BY-EYE-{sequence}", SCHEME, f"Graded by eye on {sequence}") for sequence in scale.SEQUENCES}


def score_code(score: int | None) -> Code:
    """Find the code of a score; None is that of a muscle that could not be judged. KeyError for an unknown score."""
    return NOT_ASSESSABLE if score is None else SCORES[score]
