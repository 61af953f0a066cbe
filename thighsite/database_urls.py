"""Reading the addresses of databases from the environment, with errors that say what is wrong, and no password."""

from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

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
    if not url.startswith(("postgres://", "postgresql://", "pgsql://")):
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: {FORM}.")
    try:
        path = urlsplit(url).path.removeprefix("/")
        parsed = dj_database_url.parse(url)
    except ValueError:  # its words repeat what was given
        path, parsed = "", {}
    if not path or "/" in path or "@" in path:
        raise ImproperlyConfigured(f"{name} cannot be read: it must be as {FORM}. {IN_PER_CENT}")
    _check_options(name, parsed.get("OPTIONS", {}))
    return {**parsed, "ENGINE": "thighsite.postgres"}


def _check_options(name: str, options: dict[str, Any]) -> None:
    """Refuse what follows the question mark where libpq knows no such option: no connection would be made."""
    if not options:
        return
    from psycopg import ProgrammingError  # here: most have none
    from psycopg.conninfo import make_conninfo

    for option in options:
        try:
            make_conninfo("", **{option: "1"})
        except ProgrammingError:
            raise ImproperlyConfigured(f"{name} has the option {option!r}, which PostgreSQL does not know.") from None
