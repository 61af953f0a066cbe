"""Why a model cannot be had, in words that an investigator can read."""

from collections.abc import Iterable

NOT_SEPARABLE = "The groups cannot be separated from the readers or sides: no reader graded participants of both."
NOT_SEPARABLE_FROM_COVARIATES = (
    "The groups cannot be separated from the covariates: together they tell who is in which."
)
SEPARATED = "Complete separation: within each group all participants score alike, so there is no model-based interval."
NO_VARIANCE = "All grades of a muscle are equal: there is no variance to analyse."


class NotEstimableError(ValueError):
    """There is no answer for a muscle; the message is the reason, shown beside its descriptives."""


class NoStandardErrorError(NotEstimableError):
    """Nothing varies about the groups' difference."""

    def __init__(self) -> None:
        super().__init__("The standard error is 0: within each group all participants score alike.")


class VariancesAlikeError(NotEstimableError):
    """Every split of the variance between participants and reads fits the data equally well."""

    def __init__(self) -> None:
        super().__init__("There are too few repeated reads to tell apart how participants and how reads vary.")


class NoResidualVarianceError(NotEstimableError):
    """The residual variance is 0, where the likelihood has no maximum: participants' means are left to compare."""

    def __init__(self) -> None:
        super().__init__(
            "Reads of a participant never differ, or only by a constant: nothing varies within participants."
        )


def common_reason(reasons: Iterable[str], otherwise: str) -> str:
    """Give the one reason of all, where they have one; else what is said ``otherwise``."""
    different = set(reasons)
    return different.pop() if len(different) == 1 else otherwise


def refuse_too_few(participants: tuple[int, ...], groups: tuple[str, ...]) -> None:
    """Raise NotEstimableError unless each group has two participants with an assessed grade of the muscle.

    Args:
        participants: how many of them each group has.
        groups: the groups' names.
    """
    if not any(participants):
        raise NotEstimableError("This muscle has no assessed grade.")
    for group, n in zip(groups, participants, strict=True):
        if n == 0:
            raise NotEstimableError(f"No participant of group {group} has an assessed grade of this muscle.")
        if n == 1:
            raise NotEstimableError(
                f"Only one participant of group {group} has an assessed grade of this muscle; each group needs two."
            )
