"""The two roles of the database: the owner, who migrates, and the application's, which owns nothing."""

from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql
from psycopg.errors import InsufficientPrivilege

APPLICATION_ROLE = "thighsite_app"  # of the embedded server; elsewhere it is the one that DATABASE_URL names

# What the application reads and never writes: PostgreSQL writes the trail, its seals, who was unblinded, which changes
# count in a study's revision and how many reads there are, `migrate` the list of migrations and that of the columns
# that the trail watches.
READ_ONLY = [
    "grading_trail",
    "grading_seal",
    "grading_newestseal",
    "grading_unblinded",
    "grading_studychange",
    "grading_readcount",
    "django_migrations",
    "trail_column",
    "trail_program",
]
# What it adds to and never changes. One permission made another would be everybody's who has it.
ADDED_TO = [
    "grading_charter",
    "grading_readerdraw",
    "sign_in_signinevent",
    "analysis_frozenframe",
    "grading_adjudication",
    "grading_adjudicationcase",
    "grading_query",
    "grading_querynote",
    "auth_permission",
    "django_content_type",
    "procrastinate_events",
]
# What it changes and never deletes: a job that was put back could be done again.
KEPT = ["jobs_job"]
# What it has nothing to do with: by these keys PostgreSQL knows the site from somebody who has its password.
UNSEEN = ["trail_key"]

TAKEN = [("INSERT, UPDATE, DELETE", READ_ONLY), ("UPDATE, DELETE", ADDED_TO), ("DELETE", KEPT), ("ALL", UNSEEN)]

GRANTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
"""

# A temporary table would hide one of the project's own from whoever names it (thighsite/postgres/functions.py).
NO_TEMPORARY_TABLES = "REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {role}"
MAY_MAKE_TEMPORARY_TABLES = "SELECT has_database_privilege(%s, current_database(), 'TEMPORARY')"

OWNS_OR_RULES = """
SELECT rolsuper OR rolcreaterole OR rolbypassrls OR pg_has_role(oid, current_user, 'MEMBER')
FROM pg_roles WHERE rolname = %s
"""


class RoleError(RuntimeError):
    """The application's role is missing, or may do more than it should; the message says what to do."""


def make_role(cursor: Any, name: str, password: str = "") -> None:
    """Make a role that may sign in and nothing else, unless it is there. InsufficientPrivilege says who must."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone():
        return
    secret = sql.SQL("PASSWORD {}").format(sql.Literal(password)) if password else sql.SQL("")
    create = sql.SQL(
        "DO $do$ BEGIN CREATE ROLE {} LOGIN {}; "
        "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$"  # another process was faster
    )
    cursor.execute(create.format(sql.Identifier(name), secret))


def equip_role(cursor: CursorWrapper, name: str, password: str = "") -> None:
    """Make the application's role where it is missing, and give it what it needs, however often this is called.

    Raises:
        RoleError: the owner may not make roles, or the role owns the trail or rules the server.
    """
    try:
        make_role(cursor, name, password)
    except Exception as error:
        if not isinstance(error.__cause__, InsufficientPrivilege):
            raise
        raise RoleError(
            f"The role {name} of DATABASE_URL does not exist, and the owner may not make it. "
            f"Let an administrator run: CREATE ROLE {name} LOGIN PASSWORD '...'"
        ) from error
    role = sql.Identifier(name)
    cursor.execute(sql.SQL(GRANTS).format(role=role))
    for verbs, tables in TAKEN:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = ANY(%s)", [tables])
        for (table,) in cursor.fetchall():
            revoke = sql.SQL("REVOKE {} ON {} FROM {}")
            cursor.execute(revoke.format(sql.SQL(verbs), sql.Identifier(table), role))
    cursor.execute(OWNS_OR_RULES, [name])
    if cursor.fetchone()[0]:
        raise RoleError(
            f"The role {name} of DATABASE_URL owns the tables or rules the server, or has BYPASSRLS, so too little "
            "would be kept from it. "
            "Name a role in DATABASE_URL that owns nothing, and the owner in OWNER_DATABASE_URL."
        )


def forbid_temporary_tables(cursor: CursorWrapper, name: str) -> None:
    """Take from the role, and from everybody else, the right to make temporary tables. RoleError says who else can."""
    database = cursor.connection.info.dbname
    revoke = sql.SQL(NO_TEMPORARY_TABLES).format(database=sql.Identifier(database), role=sql.Identifier(name))
    cursor.execute(revoke)
    cursor.execute(MAY_MAKE_TEMPORARY_TABLES, [name])
    if cursor.fetchone()[0]:
        raise RoleError(
            f"The role {name} of DATABASE_URL may make temporary tables, and the owner may not take that from it. "
            f"Let the owner of the database run: {revoke.as_string()}"
        )
