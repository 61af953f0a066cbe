"""The eleven thigh muscles, their compartments, the sides, and the cells that a read grades.

Order and compartments follow Wilks et al., BMC Rheumatol 2025;9:46, Fig. 1. The paper lists the sartorius
beside the gracilis, so it stands in the medial compartment here. Compartments are shown, never modelled.
"""

from dataclasses import dataclass
from typing import NamedTuple


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


class Cell(NamedTuple):
    """A muscle on a side: what carries one grade of a read. Each spelling of it stands here, once."""

    muscle: str  # a code of MUSCLES
    side: str  # one of SIDES

    @property
    def name(self) -> str:
        """Name the cell in forms, in pages and as a column of the wide CSV: BFLH, or BFLH_left."""
        return self.muscle if self.side in TOGETHER else f"{self.muscle}_{self.side}"

    @property
    def label(self) -> str:
        """Write the cell as people read it: BF-LH, or BF-LH left. A muscle that is not known goes by its code."""
        muscle = MUSCLE_BY_CODE.get(self.muscle)
        label = muscle.label if muscle else self.muscle
        return label if self.side in TOGETHER else f"{label} {self.side}"

    @property
    def trail_key(self) -> str:
        """Name the cell in a record of the trail, as its triggers write it (migration 0006): BFLH, or BFLH left."""
        return self.muscle if self.side in TOGETHER else f"{self.muscle} {self.side}"

    @classmethod
    def of_trail_key(cls, key: str) -> "Cell":
        """Read what ``trail_key`` wrote."""
        muscle, _, side = key.partition(" ")
        return cls(muscle, side or TOGETHER[0])
