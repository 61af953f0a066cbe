"""Where the web server listens and whom it believes, as the environment says: asked by gunicorn's configuration, and by
settings, so that a check sees it."""

import os
import re
import socket
from ipaddress import IPv6Address
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import networks, words

USUAL_PORT = 8000
ADDRESS = re.compile(r"(tcp://)?(?!\d+$)((?P<host>[\w.-]*)|\[(?P<v6>[\w:.]+)\])(:(?P<port>\d{1,5}))?", re.ASCII)
NAME = re.compile(r"\w([\w-]*\w)?(\.\w([\w-]*\w)?)*\.?", re.ASCII)
ADDRESS_IS = "it must be an address and a port, such as 127.0.0.1:8000 or [::1]:8000, or unix: and a path."
ALONE = "The environment variable BIND has fd:// beside other addresses, at which nobody would listen."

Place = tuple[str, int] | Path | int


def listened_on() -> list[str]:
    """Read the addresses that the web server listens on, which commas separate.

    Raises:
        ImproperlyConfigured: one cannot be listened on.
    """
    given = words(os.environ.get("BIND", "")) or [f"127.0.0.1:{USUAL_PORT}"]
    if wrong := [each for each in given if place_of(each) is None]:
        raise ImproperlyConfigured(f"The environment variable BIND is {wrong[0]!r}: {ADDRESS_IS}")
    if len({isinstance(place_of(each), int) for each in given}) > 1:
        raise ImproperlyConfigured(ALONE)
    return given


def place_of(address: str) -> Place | None:
    """Read an address of BIND: host and port, a socket's path, or the number of one that is open; None of another."""
    if found := re.fullmatch(r"unix:(?!//$)(//)?(.+)", address):
        return Path(found[2])
    if found := re.fullmatch(r"fd://(\d{1,9})", address, re.ASCII):
        return int(found[1])
    found = ADDRESS.fullmatch(address)
    if found is None or not _is_host(found):
        return None
    port = int(found["port"] or USUAL_PORT)
    return (found["v6"] or found["host"], port) if 0 < port <= 65535 else None


def port_of(address: str) -> int:
    """Read the port of an address of BIND; the usual one where that is a socket."""
    place = place_of(address)
    return place[1] if isinstance(place, tuple) else USUAL_PORT


def believed() -> str:
    """Read from which addresses forwarded headers are taken: from none where the variable is empty.

    Raises:
        ImproperlyConfigured: one is neither an address nor a network.
    """
    given = networks("FORWARDED_ALLOW_IPS", default="127.0.0.1", takes_all=True)
    return "*" if "*" in given else ",".join(given)


def _is_host(found: re.Match) -> bool:
    """Say whether an address, or a name, is a machine's; nothing stands for all that this one has."""
    host = found["host"]
    try:
        if found["v6"]:
            IPv6Address(found["v6"])
        elif re.fullmatch(r"[\d.]+", host):
            socket.inet_aton(host)
    except (ValueError, OSError):
        return False
    return not host or NAME.fullmatch(host) is not None
