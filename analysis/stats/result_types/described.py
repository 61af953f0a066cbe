"""What comes out where the participants of a comparison are described: its flow, and Table 1."""

from typing import Literal, TypedDict

from analysis.stats.result_types.codes import AnalysisSet
from analysis.stats.result_types.comparison import GroupPair

StepName = Literal["registered", "with_mri", "given_to_readers", "signed_off", "compared"]
Reason = Literal[
    "withdrawn",
    "other_group",
    "other_sex",
    "sex_missing",
    "other_autoantibody",
    "autoantibody_missing",
    "no_mri",
    "no_read",
    "later_mri",
    "not_signed_off",
    "reread",
    "other_sequence",
    "other_reader",
    "fat_beside_edema",
    "fat_only",
    "edema_only",
    "nothing_assessed",
]
CharacteristicName = Literal[
    "sex",
    "age_years",
    "disease_duration_months",
    "ck_u_per_l",
    "autoantibody",
    "scan_year",
    "mris",
    "sequence",
    "feature",
    "reads",
]


class Count(TypedDict):
    """How many there are: of whichever group, and of each of the two that are compared."""

    total: int
    by_group: dict[str, int]


class LeftOutBefore(TypedDict):
    """Whom and what one reason stops on the way to a step."""

    reason: Reason
    participants: Count
    reads: Count


class FlowStep(TypedDict):
    """Who and what came to a step, and what was left out since the one before."""

    step: StepName
    participants: Count
    reads: Count
    left_out: list[LeftOutBefore]


class Described(TypedDict):
    """A characteristic of some participants: of numbers all but ``levels``, else ``levels`` alone."""

    n: int
    missing: int
    median: float | None
    q1: float | None
    q3: float | None
    mean: float | None
    sd: float | None
    min: float | None
    max: float | None
    levels: dict[str, int]


class Characteristic(TypedDict):
    """A row of Table 1, or several of one characteristic.

    name: a CharacteristicName, or a covariate that the study defines, with its label, and its unit if it is a number.
    """

    name: str
    label: str
    unit: str
    kind: Literal["number", "levels"]
    total: Described
    by_group: dict[str, Described]


class SignedOff(TypedDict):
    """The days, in UTC, of the first and the last sign-off on this site; None where there was none."""

    reads: int
    first: str | None
    last: str | None


class DescribedParticipants(TypedDict):
    """The participants of one comparison: how they came into it, and who they are."""

    study: str
    set: AnalysisSet
    groups: GroupPair
    flow: list[FlowStep]
    participants: Count
    characteristics: list[Characteristic]
    signed_off_here: SignedOff
