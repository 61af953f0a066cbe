"""The roles that a dump names, and which must be there before it is read."""

from typing import Any

from psycopg import sql
from psycopg.errors import InsufficientPrivilege

from thighsite.backup.errors import BackupError
from thighsite.postgres.roles import make_role

# Whoever was given a right to anything of the site's, beside those who own it.
NAMED = """
SELECT DISTINCT rolname FROM pg_roles JOIN (
    SELECT relowner AS owner, relacl AS acl FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT relowner, attacl FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
                                                         WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT proowner, proacl FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT nspowner, nspacl FROM pg_namespace WHERE nspname = 'public'
) AS had CROSS JOIN aclexplode(acl) ON grantee = pg_roles.oid
WHERE grantee <> owner AND rolname <> ALL (%s) AND rolname NOT LIKE 'pg\\_%%' ORDER BY rolname
"""
OTHER_ROLE = (
    "The backup gives its rights to the role {told}, and DATABASE_URL names {ours}. Name {told} there: "
    "it is made if it does not exist."
)
MAY_NOT = (
    "The role {name} has rights in the backup and does not exist here, and the owner may not make it. "
    "Let an administrator run: CREATE ROLE {name}{how}"
)


def other_roles(cursor: Any, *known: str) -> list[str]:
    """List the roles with rights to anything of the site's, beside those that are known."""
    cursor.execute(NAMED, [list(known)])
    return [name for (name,) in cursor.fetchall()]


def make_roles(cursor: Any, *, application: str, password: str, others: list[str]) -> None:
    """Make the roles that are missing, those beside the application's without a way to sign in.

    Raises:
        BackupError: the owner may not make them.
    """
    try:
        make_role(cursor, application, password)
    except InsufficientPrivilege as error:
        raise BackupError(MAY_NOT.format(name=application, how=" LOGIN PASSWORD '...'")) from error
    for name in others:
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [name])
        if cursor.fetchone() is None:
            try:
                cursor.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(name)))
            except InsufficientPrivilege as error:
                raise BackupError(MAY_NOT.format(name=name, how=" NOLOGIN")) from error
