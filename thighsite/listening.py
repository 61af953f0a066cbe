"""Where the web server listens and whom it believes, as the environment says: asked by gunicorn's configuration, and by
settings, so that a check sees it."""

import os
import re
from ipaddress import ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import words

USUAL_PORT = 8000
ADDRESS = re.compile(r"(tcp://)?(?!\d+$)((?P<host>[\w.-]*)|\[(?P<v6>[\w:.%]+)\])(:(?P<port>\d{1,5}))?", re.ASCII)
ADDRESS_IS = "it must be an address and a port, such as 127.0.0.1:8000 or [::1]:8000, or unix: and a path."
BELIEVED_ARE = (
    "it must be an address or a network, such as 192.0.2.7 or 10.0.0.0/8, or * for all; commas separate several."
)

Place = tuple[str, int] | Path | int


def listened_on() -> list[str]:
    """Read the addresses that the web server listens on, which commas separate.

    Raises:
        ImproperlyConfigured: one cannot be listened on.
    """
    given = words(os.environ.get("BIND", "")) or [f"127.0.0.1:{USUAL_PORT}"]
    if wrong := [each for each in given if place_of(each) is None]:
        raise ImproperlyConfigured(f"The environment variable BIND is {wrong[0]!r}: {ADDRESS_IS}")
    return given


def place_of(address: str) -> Place | None:
    """Read an address of BIND: host and port, a socket's path, or the number of one that is open; None of another."""
    if found := re.fullmatch(r"unix:(//)?(.+)", address):
        return Path(found[2])
    if found := re.fullmatch(r"fd://(\d+)", address):
        return int(found[1])
    found = ADDRESS.fullmatch(address)
    if found is None or int(found["port"] or USUAL_PORT) > 65535:
        return None
    return found["v6"] or found["host"], int(found["port"] or USUAL_PORT)


def port_of(address: str) -> int:
    """Read the port of an address of BIND; the usual one where that is a socket."""
    place = place_of(address)
    return place[1] if isinstance(place, tuple) else USUAL_PORT


def believed() -> str:
    """Read from which addresses forwarded headers are taken: from none where the variable is empty.

    Raises:
        ImproperlyConfigured: one is neither an address nor a network.
    """
    given = words(os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1"))
    for each in given:
        if each != "*" and not _is_network(each):
            raise ImproperlyConfigured(f"The environment variable FORWARDED_ALLOW_IPS has {each!r}: {BELIEVED_ARE}")
    return "*" if "*" in given else ",".join(given)


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
