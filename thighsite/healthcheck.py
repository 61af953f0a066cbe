"""Asks the server in the same container whether it is well; a failure ends with an exit code other than 0."""

import os
import urllib.request

from thighsite.environment import port_of


def main() -> None:
    port = port_of(os.environ.get("BIND", ""))
    host = host_in(os.environ.get("ALLOWED_HOSTS", ""))
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=4):  # nosec B310
        pass


def host_in(allowed: str) -> str:
    """Find a host's name that the site answers to: of ``.example.org``, which stands for all below it, the domain."""
    first = allowed.split(",")[0].strip().removeprefix(".")
    return "localhost" if first in ("", "*") else first


if __name__ == "__main__":
    main()
