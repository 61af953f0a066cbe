"""How well the score of a pattern tells the groups apart, and what it is for each participant."""

from typing import Literal, TypedDict


class ScoredParticipant(TypedDict):
    """One participant's score of the pattern, by muscles that the others chose."""

    participant: str
    group: str
    score: float | None  # grade points; None without a grade of any muscle of one side


class PatternScoreResult(TypedDict):
    """How well the score of the pattern tells the groups apart, cross-validated; no validated classifier."""

    value: float | None  # area under the curve
    ci_low: float | None  # 95 %, by resampling participants
    ci_high: float | None
    status: Literal["ok", "not_estimable"]
    note: str
    resamples: int
    is_fixed: bool  # the muscles were named, and not chosen inside each fold
    higher: list[str]  # muscles of the compared group's side, by all participants or as named
    lower: list[str]  # of the reference's
    steady: list[str] | None  # on the same side in every fold; None where they were named
    participants: list[ScoredParticipant]
