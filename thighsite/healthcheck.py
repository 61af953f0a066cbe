"""Asks the server in the same container whether it is well; a failure ends with an exit code other than 0."""

import os
import socket
import sys
from http.client import OK, HTTPConnection, HTTPException
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from thighsite.listening import Place, listened_on, place_of

SECONDS = 4
NEAR = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # nosec B104: where to ask who listens everywhere


class _AtSocket(HTTPConnection):
    """A connection to a socket that has a path: no host, whose name could hold neither a space nor a colon."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(SECONDS)
        self.sock.connect(str(self._path))


def main() -> None:
    address = listened_on()[0]
    host = host_in(os.environ.get("ALLOWED_HOSTS", ""))
    connection = _connection_to(place_of(address))
    if connection is None:
        sys.exit(f"No site can be asked at {address}: the number of an open socket holds in one program alone.")
    connection.request("GET", "/health/", headers={"Host": host})
    answer = connection.getresponse()
    if answer.status != OK:
        sys.exit(f"The site answers {answer.status}: {answer.read(1000).decode(errors='replace').strip()}")


def host_in(allowed: str) -> str:
    """Find a host's name that the site answers to: of ``.example.org``, which stands for all below it, the domain."""
    first = allowed.split(",")[0].strip().removeprefix(".")
    return "localhost" if first in ("", "*") else first


def _connection_to(place: Place | None) -> HTTPConnection | None:
    match place:
        case Path():
            return _AtSocket(place)
        case (str(host), int(port)):
            return HTTPConnection(NEAR.get(host, host), port, timeout=SECONDS)
    return None


if __name__ == "__main__":
    try:
        main()
    except (ImproperlyConfigured, HTTPException, OSError) as wrong:
        sys.exit(f"Error: {wrong}")
