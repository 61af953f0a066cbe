"""The roles that a member of a study can have, with what each may see and needs: the one table.

A role that is not in the table has no access, is sent nowhere, and needs a second factor. Whoever adds one says all
that it needs here, takes the constraint ``member_role`` along in a migration, and names it at the views that it may
open (``grading.access.study_view``). PostgreSQL counts every role but these two that are blind,
reader and adjudicator, as one that sees the groups.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class RoleSpec:
    """What a role is: ``code`` in the database, ``title`` on screen, ``workplace`` the name of its first page's URL.

    Raises:
        ValueError: the role sees the groups and needs no second factor.
    """

    code: str
    title: str
    workplace: str
    sees_groups: bool
    needs_second_factor: bool

    def __post_init__(self) -> None:
        if self.sees_groups and not self.needs_second_factor:
            raise ValueError(f"{self.title}: a role that sees the groups needs a second factor.")

    @property
    def with_article(self) -> str:
        return f"{'an' if self.title[0] in 'aeiou' else 'a'} {self.title}"


READER = RoleSpec(code="reader", title="reader", workplace="worklist", sees_groups=False, needs_second_factor=False)
INVESTIGATOR = RoleSpec(
    code="investigator", title="investigator", workplace="comparison", sees_groups=True, needs_second_factor=True
)
COORDINATOR = RoleSpec(
    code="coordinator", title="coordinator", workplace="data", sees_groups=True, needs_second_factor=True
)
ADJUDICATOR = RoleSpec(
    code="adjudicator",
    title="adjudicator",
    workplace="adjudication-queue",
    sees_groups=False,
    needs_second_factor=False,
)

ROLES = (READER, INVESTIGATOR, COORDINATOR, ADJUDICATOR)
ROLE_BY_CODE = {role.code: role for role in ROLES}
BLIND_ROLES = tuple(role.code for role in ROLES if not role.sees_groups)
# Whoever sees the comparison sees all of it: its numbers are of the whole study, whosever participants they are.
ROLES_WITH_SITES = (READER.code, COORDINATOR.code)
WHO_HAS_A_SITE = "Only coordinators and readers can be limited to a study site."
