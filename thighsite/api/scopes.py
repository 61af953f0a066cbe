"""What a token may be for, and which roles may do that: the one table."""

from dataclasses import dataclass

from grading.roles import COORDINATOR, INVESTIGATOR, ROLE_BY_CODE


@dataclass(frozen=True)
class Scope:
    """One thing that a token may be for. ``roles`` are those whose pages show or do the same.

    Raises:
        ValueError: one of the roles does not see the groups: such roles have no tokens.
    """

    code: str
    title: str
    roles: tuple[str, ...]

    def __post_init__(self) -> None:
        if not all(ROLE_BY_CODE[role].sees_groups for role in self.roles):
            raise ValueError(f"{self.title}: a role that is blind to the groups has no tokens.")


_COORDINATORS, _INVESTIGATORS = (COORDINATOR.code,), (INVESTIGATOR.code,)
_SCOPES = (
    Scope("participants", "read participants", _COORDINATORS),
    Scope("grades", "read grades", _COORDINATORS),
    Scope("progress", "read progress", _COORDINATORS + _INVESTIGATORS),
    Scope("import", "import participants and grades", _COORDINATORS),
    Scope("frame", "read the frame", _INVESTIGATORS),
    Scope("comparison", "read the comparison", _INVESTIGATORS),
    Scope("agreement", "read the agreement", _INVESTIGATORS),
)
SCOPES = {scope.code: scope for scope in _SCOPES}


def scopes_of_role(role: str) -> list[Scope]:
    """List what somebody with a role may make tokens for."""
    return [scope for scope in _SCOPES if role in scope.roles]
