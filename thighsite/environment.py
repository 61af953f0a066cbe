"""Reading settings from environment variables, with errors that say what to set."""

import contextlib
import os
import re
import secrets
import tempfile
from ipaddress import ip_interface, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

SERVED = "THIGHSITE_MODE is production, the default outside manage.py"
HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*|\[[0-9a-fA-F:.]+\]")
WHOLE = re.compile("0*([0-9]{1,18})")  # of thousands of digits Python makes no number
HOSTS_ARE = (
    "it must be a host's name alone, such as thighsite.example.org, without https://, port or path; "
    "commas separate several."
)


def required(name: str, meaning: str, *, because: str = SERVED) -> str:
    """Read a variable, or its file. ImproperlyConfigured, naming what to set, when it is missing or empty."""
    value = secret(name)
    if value.strip():
        return value  # as it is: a key with a space at its end is another
    raise ImproperlyConfigured(f"Set the environment variable {name}: {meaning}. (Needed because {because}.)")


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


def program_name(arguments: list[str]) -> str:
    """Find what PostgreSQL knows this process as, and notes in the trail: the command, or the site."""
    program, *rest = arguments or [""]
    if Path(program).name in ("manage.py", "django-admin"):
        return " ".join(["manage.py", *rest[:1]])[:63]  # PostgreSQL keeps no more
    return "site"


def whole(name: str, *, default: int, smallest: int, largest: int = 10**9) -> int:
    """Read a whole number from ``smallest`` to ``largest``."""
    value = os.environ.get(name, "").strip() or str(default)
    match = WHOLE.fullmatch(value)
    if match and smallest <= int(match[1]) <= largest:
        return int(match[1])
    raise ImproperlyConfigured(
        f"The environment variable {name} is {value!r}: it must be a whole number, from {smallest} to {largest}."
    )


def server_processes() -> int:
    """Read how many processes serve the site: asked by the web server, and by settings, so that a check sees it."""
    return whole("WEB_CONCURRENCY", default=2, smallest=1, largest=10_000)


def hosts(name: str, value: str) -> list[str]:
    """Read host names that commas separate, as a browser names them; those that match nothing are left out.

    Raises:
        ImproperlyConfigured: none can match.
    """
    given = words(value)
    if found := [each for each in given if HOST.fullmatch(each)]:
        return found
    raise ImproperlyConfigured(f"The environment variable {name} has {(given or [value])[0]!r}: {HOSTS_ARE}")


def address_of_site(host: str) -> str:
    """Make the address in links of commands: ``SITE_URL``, else of the site's first host."""
    if given := address("SITE_URL"):
        return given.rstrip("/")
    if host == "*":
        raise ImproperlyConfigured(
            "Set the environment variable SITE_URL: the address in one-time links, such as "
            "https://thighsite.example.org. (Needed because the first of ALLOWED_HOSTS is *.)"
        )
    return f"https://{host.removeprefix('.')}"


def addresses(name: str) -> list[str]:
    """Read addresses of web servers that commas separate."""
    given = words(os.environ.get(name, ""))
    for each in given:
        if not re.match(r"https?://[^/]", each):
            raise ImproperlyConfigured(
                f"The environment variable {name} has {each!r}: it must begin with https:// or http://."
            )
    return given


def address(name: str) -> str:
    """Read the one address of a web server; empty where it is not set."""
    given = os.environ.get(name, "").strip()
    if given and not re.fullmatch(r"(?!.*,https?://)https?://[^/,\s]+(/\S*)?", given):
        raise ImproperlyConfigured(
            f"The environment variable {name} has {given!r}: "
            "it must begin with https:// or http://, and be one address."
        )
    return given


def mail_addresses(name: str) -> list[str]:
    """Read addresses for mail that commas separate; one without @ is an account of the mail server's machine."""
    given = words(os.environ.get(name, ""))
    for each in given:
        _check_mail_address(name, each)
    return given


def sender(name: str) -> str:
    """Read the one sender of mails, as a From header has it: also with a name, which may have commas in quotes."""
    given = os.environ.get(name, "").strip()
    if given:
        _check_mail_address(name, given)
    return given


def _check_mail_address(name: str, given: str) -> None:
    named = re.fullmatch(r'(?:"[^"]*"|[^"<>,@]*)\s*<([^<>]*)>', given)  # Thighsite <thighsite@example.org>
    if not re.fullmatch(r"[^\s@,<>]+(@[^\s@,<>]+)?", named[1] if named else given):
        raise ImproperlyConfigured(f"The environment variable {name} has {given!r}: it must be a mail address.")


def words(value: str) -> list[str]:
    """Read words that commas separate."""
    return [word.strip() for word in value.split(",") if word.strip()]


def networks(name: str, *, default: str = "", takes_all: bool = False) -> list[str]:
    """Read addresses and networks (192.0.2.7, 10.0.0.0/8) that commas separate; * too where that may stand for all."""
    given = words(os.environ.get(name, default))
    for each in given:
        if not (takes_all and each == "*") and (
            wrong := _wrong_in_network(each, ", or * for all" if takes_all else "")
        ):
            raise ImproperlyConfigured(f"The environment variable {name} has {each!r}: {wrong}")
    return given


def _wrong_in_network(text: str, or_all: str) -> str:
    with contextlib.suppress(ValueError):
        ip_network(text)
        return ""
    with contextlib.suppress(ValueError):
        return f"that is an address within a network, which is {ip_interface(text).network}."
    return f"it must be an address or a network, such as 192.0.2.7 or 10.0.0.0/8{or_all}; commas separate several."


def kept_secret(path: Path) -> str:
    """Make a secret for development, once, and keep it, so that sessions and one-time links outlive a restart."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as file:  # readable by its owner only
        file.write(secrets.token_urlsafe(50))
        file.flush()
        with contextlib.suppress(FileExistsError):  # made earlier, or by another process a moment ago
            os.link(file.name, path)
    return path.read_text()
