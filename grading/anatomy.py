"""The eleven thigh muscles, their compartments and the sides. Pure: no Django.

Order and compartments follow Wilks et al., BMC Rheumatol 2025;9:46, Fig. 1. The paper lists the sartorius
beside the gracilis, so it stands in the medial compartment here. Compartments are shown, never modelled.
"""

from dataclasses import dataclass

COMPARTMENTS = ("anterior", "posterior", "medial")


@dataclass(frozen=True)
class Muscle:
    code: str  # in data: CSV, JSON, database
    label: str  # on screen
    name: str
    compartment: str


MUSCLES = (
    Muscle("VL", "VL", "vastus lateralis", "anterior"),
    Muscle("VM", "VM", "vastus medialis", "anterior"),
    Muscle("VI", "VI", "vastus intermedius", "anterior"),
    Muscle("RF", "RF", "rectus femoris", "anterior"),
    Muscle("BFSH", "BF-SH", "biceps femoris, short head", "posterior"),
    Muscle("BFLH", "BF-LH", "biceps femoris, long head", "posterior"),
    Muscle("SM", "SM", "semimembranosus", "posterior"),
    Muscle("ST", "ST", "semitendinosus", "posterior"),
    Muscle("ADD", "Add", "adductors", "medial"),
    Muscle("GR", "Gr", "gracilis", "medial"),
    Muscle("SA", "Sa", "sartorius", "medial"),
)
MUSCLE_CODES = tuple(muscle.code for muscle in MUSCLES)
MUSCLE_BY_CODE = {muscle.code: muscle for muscle in MUSCLES}

TOGETHER = ("both",)
APART = ("left", "right")
SIDES = TOGETHER + APART
