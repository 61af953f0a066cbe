"""Where the web server listens and whom it believes, as the environment says: asked by gunicorn's configuration, and by
settings, so that a check sees it."""

import os
import re
from ipaddress import ip_network

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import words

ADDRESS = re.compile(r"(tcp://)?(?!\d+$)([\w.-]*|\[[\w:.%]+\])(:(?P<port>\d{1,5}))?", re.ASCII)
ADDRESS_IS = "it must be an address and a port, such as 127.0.0.1:8000 or [::1]:8000, or unix: and a path."
BELIEVED_ARE = (
    "it must be an address or a network, such as 192.0.2.7 or 10.0.0.0/8, or * for all; commas separate several."
)


def listened_on() -> list[str]:
    """Read the addresses that the web server listens on, which commas separate.

    Raises:
        ImproperlyConfigured: one cannot be listened on.
    """
    given = words(os.environ.get("BIND", "")) or ["127.0.0.1:8000"]
    if wrong := [each for each in given if not _can_be_listened_on(each)]:
        raise ImproperlyConfigured(f"The environment variable BIND is {wrong[0]!r}: {ADDRESS_IS}")
    return given


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


def _can_be_listened_on(address: str) -> bool:
    if re.fullmatch(r"unix:.+|fd://\d+", address):
        return True
    found = ADDRESS.fullmatch(address)
    return found is not None and int(found["port"] or 0) <= 65535


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
