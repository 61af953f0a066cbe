"""Reading settings from environment variables, with errors that say what to set."""

import contextlib
import os
import secrets
import tempfile
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured


def required(name: str, meaning: str) -> str:
    """Read a variable, or its file. ImproperlyConfigured, naming what to set, when it is missing or empty."""
    if value := secret(name):
        return value
    raise ImproperlyConfigured(
        f"Set the environment variable {name}: {meaning}. "
        "(Needed because THIGHSITE_MODE is production, the default outside manage.py.)"
    )


def secret(name: str) -> str:
    """Read a variable, or the file that the variable with ``_FILE`` behind its name names; empty where neither is set.

    A file is seen by fewer than an environment, which every child of a process inherits.

    Raises:
        ImproperlyConfigured: both are set, or the file cannot be read or is empty.
    """
    value, path = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if not path:
        return value
    if value:
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        value = Path(path).read_text().strip()
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise ImproperlyConfigured(f"The file {path} of {name}_FILE cannot be read: {why}.") from error
    if not value:
        raise ImproperlyConfigured(f"The file {path} of {name}_FILE is empty.")
    return value


def boolean(name: str, *, default: bool = False) -> bool:
    """Read True from 1/true/yes/on, False from 0/false/no/off; anything else is an error, not a guess."""
    value = os.environ.get(name, "").strip().lower()
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    if value == "":
        return default
    raise ImproperlyConfigured(f"The environment variable {name} is {value!r}: it must be true or false.")


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
    parsed = dj_database_url.parse(url)
    if parsed["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(f"{name} must name a PostgreSQL database: postgres://user:password@host/name.")
    return {**parsed, "ENGINE": "thighsite.postgres"}


def program_name(arguments: list[str]) -> str:
    """Find what PostgreSQL knows this process as, and notes in the trail: the command, or the site."""
    program, *rest = arguments or [""]
    if Path(program).name in ("manage.py", "django-admin"):
        return " ".join(["manage.py", *rest[:1]])[:63]  # PostgreSQL keeps no more
    return "site"


def whole(name: str, *, default: int, smallest: int) -> int:
    """Read a whole number of at least ``smallest``."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdecimal() or int(value) < smallest:
        raise ImproperlyConfigured(f"The environment variable {name} is {value!r}: it must be {smallest} or more.")
    return int(value)


def words(value: str) -> list[str]:
    """Read words that commas separate."""
    return [word.strip() for word in value.split(",") if word.strip()]


def networks(name: str) -> list[str]:
    """Read addresses and networks (192.0.2.7, 10.0.0.0/8) that commas separate."""
    given = words(os.environ.get(name, ""))
    for each in given:
        try:
            ip_network(each)
        except ValueError as error:
            raise ImproperlyConfigured(f"The environment variable {name} has {each!r}: {error}.") from error
    return given


def kept_secret(path: Path) -> str:
    """Make a secret for development, once, and keep it, so that sessions and one-time links outlive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # readable by its owner only
        file.write(secrets.token_urlsafe(50))
        file.flush()
        with contextlib.suppress(FileExistsError):  # made earlier, or by another process a moment ago
            os.link(file.name, path)
    return path.read_text()


def port_of(address: str) -> int:
    """Read the port of what gunicorn is told to listen on (127.0.0.1:8000); 8000 where there is none."""
    port = address.rpartition(":")[2]
    return int(port) if port.isascii() and port.isdigit() else 8000
