"""Reading the addresses of databases from the environment, with errors that say what is wrong, and no password."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

# Of Django's backend and psycopg, beside those of libpq.
OF_DJANGO = {"assume_role", "isolation_level", "prepare_threshold", "server_side_binding"}
VALUES = {  # of libpq's options, where a wrong one would be found out with the first connection
    "channel_binding": {"disable", "prefer", "require"},
    "gssencmode": {"disable", "prefer", "require"},
    "sslmode": {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"},
    "target_session_attrs": {"any", "read-write", "read-only", "primary", "standby", "prefer-standby"},
}
FORM = "postgres://user:password@host:5432/name"
IN_PER_CENT = (
    "In its password and names, characters that a URL gives a meaning are written in per cent: "
    "%40 for @, %2F for /, %3A for :, %23 for #, %3F for ?, %25 for %."
)


def database(url: str, owner_url: str | None, *, named: str = "DATABASE_URL") -> dict[str, Any]:
    """Make Django's settings of a database: the role of the application, and the owner's where it is another."""
    application = _postgres(named, url)
    if owner_url:
        owner = _postgres("OWNER_DATABASE_URL", owner_url)
        if owner["NAME"] != application["NAME"]:
            raise ImproperlyConfigured("OWNER_DATABASE_URL and DATABASE_URL must name the same database.")
        application["OWNER"] = {name: owner[name] for name in ("USER", "PASSWORD", "HOST", "PORT")}
    return application


def _postgres(name: str, url: str) -> dict[str, Any]:
    url = url.strip()
    if not url.lower().startswith(("postgres://", "postgresql://", "pgsql://")):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: {FORM}.")
    try:
        path = urlsplit(url).path.removeprefix("/")
        parsed = dj_database_url.parse(url)
    except ValueError:  # its words repeat what was given
        path, parsed = "", {}
    options = parsed.get("OPTIONS", {})
    of_password = "/" in path and "@" in path  # what follows a / in it
    if of_password or not (path or options.get("service")):
        raise ImproperlyConfigured(f"{name} cannot be read: it must be as {FORM}. {IN_PER_CENT}")
    _check_options(name, options)
    return {**parsed, "ENGINE": "thighsite.postgres"}


def _check_options(name: str, options: dict[str, Any]) -> None:
    """Refuse what follows the question mark where no connection would be made with it."""
    if not options:
        return
    from psycopg.pq import Conninfo  # here: most have none

    known = OF_DJANGO | {each.keyword.decode() for each in Conninfo.get_defaults()}
    for option, value in options.items():
        if option == "conn_max_age" or (option == "pool" and value):
            raise ImproperlyConfigured(f"{name} has the option {option!r}: the site keeps its connections by itself.")
        if option not in known:
            raise ImproperlyConfigured(f"{name} has the option {option!r}, which PostgreSQL does not know.")
        if option in VALUES and value not in VALUES[option]:
            allowed = ", ".join(sorted(VALUES[option]))
            raise ImproperlyConfigured(f"{name} has {option}={value}: it must be one of {allowed}.")
