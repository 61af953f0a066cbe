"""Whether the groups differ over all muscles at once."""

from typing import TypedDict

from analysis.stats.result_types.codes import Status


class PatternTestResult(TypedDict):
    """One F test of several muscles at once; the numbers are None where ``note`` says why there are none."""

    F: float | None  # scaled by ``scaling``
    df1: int | None
    df2: float | None
    scaling: float | None  # Kenward and Roger's factor of F
    p: float | None
    status: Status
    note: str


class PatternResult(TypedDict):
    """Whether the groups differ, by the joint model of all muscles."""

    pattern: PatternTestResult  # from muscle to muscle
    any: PatternTestResult  # anywhere
