"""The link that opens a case's scan in an archive of images (PACS), and the ids that may stand in it. Pure: no Django.

A template such as ``https://pacs.example.org/viewer?StudyInstanceUIDs={id}`` holds the read's blind code or the MRI's
opaque id, and nothing else of a case: an address stands in browsers and in logs.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from grading.codes.naming import named_group

CODE, ID = "{code}", "{id}"
MAX_LINK_LENGTH = 500
MAX_ID_LENGTH = 64
LINK_PATTERN = r"^(https?://[^/?#{}]+/[^{}]*(\{(code|id)\}[^{}]*)+)?$"
ID_PATTERN = r"^[A-Za-z0-9._~-]*$"

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:]+")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
_UID = re.compile(r"[0-9]+(\.[0-9]+){3,}")
_SHORT = 3  # characters: a shorter code is in an id by chance, unless it stands by itself
_SHORT_NUMBER = 4  # digits: a shorter number is in a UID by chance

HOLDS = (
    f"It may hold {CODE}, the case’s blind code, or {ID}, the MRI’s opaque id: these alone tell nothing of who it is."
)

SAME_AGAIN = (
    f"With {ID} an MRI opens at the same address for a re-read as for the first read: a browser’s history, or marks "
    "kept in the archive, may tell its reader that they have read it before. "
    f"With {CODE} instead of it, each read has an address of its own."
)


def why_not_link(template: str) -> str | None:
    """Say why a text is no template of a link, and what would be right; None where it is one."""
    held = set(_PLACEHOLDER.findall(template))
    if wrong := sorted(held - {CODE, ID}):
        return f"{wrong[0]} is nothing that the link may hold. {HOLDS}"
    if not template.isprintable() or any(sign in template for sign in " \"'<>\\"):
        return "The link is one address, without blanks and quotation marks."
    try:
        address = urlsplit(template)
        host, _ = address.hostname or "", address.port
    except ValueError:
        return "This is no address of the web, such as https://pacs.example.org/viewer?study={id}."
    if "@" in address.netloc or _PLACEHOLDER.search(address.netloc):
        return "Where the archive is, before the first / of the address, is the same for every case and holds no name."
    if address.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return "Give the whole address, such as https://pacs.example.org/viewer?study={id}."
    if address.scheme == "http" and not _is_private(host):
        return "Without https everybody on the way could read it: http is for a private address, such as 192.168.1.5."
    if not held:
        return f"The link would open the same for every case. {HOLDS}"
    return None if re.fullmatch(LINK_PATTERN, template) else "After the archive’s name the address has a /."


def why_not_framed(template: str) -> str | None:
    """Say why a page of this site cannot show an archive within it; None where nothing is known against it."""
    address = urlsplit(template)
    if address.scheme == "http" and not _is_loopback(address.hostname or ""):
        return "Browsers show no http address within this site: give it a window of its own, or use https."
    return None


def why_not_id(id: str, *, participant: str, mri: str, groups: Iterable[tuple[str, str]]) -> str | None:
    """Say why an id of an MRI is not opaque, and what would be right; None where nothing is seen in it.

    Args:
        groups: code and name of each.
    """
    if not 1 <= len(id) <= MAX_ID_LENGTH or not re.fullmatch(ID_PATTERN, id):
        return f"An id has 1 to {MAX_ID_LENGTH} letters, digits, dots, hyphens and underscores, as in a UID."
    if _holds(id, participant):
        return "The id holds the participant’s code, and readers see it in the address. Use an id that tells nothing."
    if _bare(id) == _bare(mri):
        return "The id is the MRI’s code, which readers do not see. Use an id that tells nothing."
    if named := named_group(id, groups):
        return f"Readers would learn of the group {named} from the id. Use an id that tells nothing."
    return None


def filled(template: str, *, code: str, id: str) -> str:
    """Write the address of one case."""
    return template.replace(CODE, quote(code, safe="")).replace(ID, quote(id, safe=""))


def origin_of(template: str) -> str:
    """Name where the archive is: scheme, host and port."""
    address = urlsplit(template)
    return f"{address.scheme}://{address.netloc.lower()}"


def _holds(id: str, code: str) -> bool:
    """Say whether an id holds a code, in small letters or capitals, with or without what separates its parts."""
    sought = _bare(code)
    if sought.isdecimal() and len(sought) < _SHORT_NUMBER and _UID.fullmatch(id):
        return False
    if len(sought) < _SHORT:
        return sought in map(_bare, re.split(r"[^A-Za-z0-9]", id.casefold())) if sought else False
    return sought in _bare(id)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _is_private(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_private
    except ValueError:
        return False


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
