"""Serves the site, in the demo as in production: ``python -m thighsite.serve``, with options of gunicorn if need be.

gunicorn reads WEB_CONCURRENCY and FORWARDED_ALLOW_IPS while it is imported, before any configuration, and ends with a
traceback or words of its own where they are odd. So they are read here first. Of an address at which it cannot listen
it tries again and again, or ends with a traceback: so that is tried here first, too.
"""

import errno
import os
import socket
import stat
import sys
from itertools import combinations
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import server_processes
from thighsite.listening import Place, believed, listened_on, place_of

LONGEST_PATH = 107  # bytes, of a socket; Linux has room for a zero behind them
GUNICORN = ["-m", "gunicorn", "-c", "python:thighsite.gunicorn_settings"]
NO_SOCKET = "that is no socket"
NO_FOLDER = "its folder is not there, or cannot be written to"
TOO_LONG = f"the path of a socket has {LONGEST_PATH} bytes at most"


def become_gunicorn(*options: str) -> NoReturn:
    """Give this process to gunicorn, so that Ctrl-C and signals reach the server itself.

    Raises:
        ImproperlyConfigured: it would not serve with the variables that are set.
    """
    os.environ |= {"WEB_CONCURRENCY": str(server_processes()), "FORWARDED_ALLOW_IPS": believed()}
    _check(listened_on())
    os.execv(sys.executable, [sys.executable, *GUNICORN, *options])  # nosec B606


def _check(addresses: list[str]) -> None:
    """Refuse addresses at which gunicorn would give up."""
    for address in addresses:
        if why := _why_not(place_of(address)):
            raise ImproperlyConfigured(
                f"The environment variable BIND is {address!r}, where no site can listen: {why}."
            )
    for one, other in combinations(addresses, 2):
        if _clash(place_of(one), place_of(other)):
            raise ImproperlyConfigured(
                f"The environment variable BIND has {one!r} and {other!r}: who listens at one of them holds the other, "
                "too. Leave one out."
            )


def _why_not(place: Place | None) -> str:
    """Say why nobody can listen there. Nothing where that is taken: by a site that ends, and gunicorn waits for it."""
    try:
        match place:
            case Path():
                return _why_not_at_path(place)
            case int():
                return "" if stat.S_ISSOCK(os.fstat(place).st_mode) else NO_SOCKET
            case (str(host), int(port)):
                _listening(host, port).close()
    except OSError as error:
        return "" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
    return ""


def _why_not_at_path(path: Path) -> str:
    if len(os.fsencode(path)) > LONGEST_PATH:
        return TOO_LONG
    if path.exists():
        return "" if path.is_socket() else NO_SOCKET
    return "" if os.access(path.parent, os.W_OK | os.X_OK) else NO_FOLDER


def _clash(one: Place | None, other: Place | None) -> bool:
    """Say whether nobody can listen at both. Where one is taken, by a site that ends, that is not known."""
    if one == other:
        return True
    if not (isinstance(one, tuple) and isinstance(other, tuple)):
        return False
    try:
        _listening(*other).close()
        held = _listening(*one)
    except OSError:
        return False
    with held:
        try:
            _listening(*other).close()
        except OSError:
            return True
    return False


def _listening(host: str, port: int) -> socket.socket:
    """Take an address as gunicorn does: who only binds an address does not hold it."""
    probe = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen()
    except OSError:
        probe.close()
        raise
    return probe


if __name__ == "__main__":
    try:
        become_gunicorn(*sys.argv[1:])
    except ImproperlyConfigured as wrong:
        sys.exit(f"Error: {wrong}")
