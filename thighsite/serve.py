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
from pathlib import Path
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import server_processes
from thighsite.listening import Place, believed, listened_on, place_of

GUNICORN = ["-m", "gunicorn", "-c", "python:thighsite.gunicorn_settings"]
NO_SOCKET = "that is no socket"
NO_FOLDER = "its folder is not there, or cannot be written to"


def become_gunicorn(*options: str) -> NoReturn:
    """Give this process to gunicorn, so that Ctrl-C and signals reach the server itself.

    Raises:
        ImproperlyConfigured: it would not serve with the variables that are set.
    """
    os.environ |= {"WEB_CONCURRENCY": str(server_processes()), "FORWARDED_ALLOW_IPS": believed()}
    for address in listened_on():
        if why := _why_not(place_of(address)):
            raise ImproperlyConfigured(
                f"The environment variable BIND is {address!r}, where no site can listen: {why}."
            )
    os.execv(sys.executable, [sys.executable, *GUNICORN, *options])  # nosec B606


def _why_not(place: Place | None) -> str:
    """Say why nobody can listen there. Nothing where that is taken: by a site that ends, and gunicorn waits for it."""
    try:
        match place:
            case Path():
                return _why_not_at_path(place)
            case int():
                return "" if stat.S_ISSOCK(os.fstat(place).st_mode) else NO_SOCKET
            case (str(host), int(port)):
                _listen(host, port)
    except OSError as error:
        return "" if error.errno == errno.EADDRINUSE else error.strerror or str(error)
    return ""


def _why_not_at_path(path: Path) -> str:
    if path.exists():
        return "" if path.is_socket() else NO_SOCKET
    return "" if os.access(path.parent, os.W_OK | os.X_OK) else NO_FOLDER


def _listen(host: str, port: int) -> None:
    """Take an address as gunicorn does, and give it back."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


if __name__ == "__main__":
    try:
        become_gunicorn(*sys.argv[1:])
    except ImproperlyConfigured as wrong:
        sys.exit(f"Error: {wrong}")
