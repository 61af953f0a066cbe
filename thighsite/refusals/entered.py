"""What a refused form had entered, for its page to offer to send again."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
TOKEN = "csrfmiddlewaretoken"
OF_THE_PAGE = ("seen", "next", "confirm", "accepted")  # fields in which a page notes something for itself
ONCE_ONLY = ("credential",)  # what a passkey answered: it cannot be sent twice
ABOUT_PASSWORDS = ("password_at_sign_off", "passwordless", "usable_password")  # choices, which hold none
LABELS = {
    "oldpassword": "Current password", "password1": "New password", "password2": "New password (again)",
    "new_password1": "New password", "new_password2": "New password (again)",
}  # fmt: skip


@dataclass(frozen=True)
class Entered:
    """The fields of a form that was sent to ``address``, without passwords: those are typed again."""

    address: str
    fields: tuple[tuple[str, str], ...]
    passwords: tuple[str, ...]

    def shown(self) -> list[tuple[str, str]]:
        """List name and value of what somebody entered, as the page lists them."""
        return [(in_words(name), value) for name, value in self.fields if value and not name.startswith(OF_THE_PAGE)]

    def asked(self) -> list[tuple[str, str]]:
        """List name and label of the passwords that have to be typed again."""
        return [(name, in_words(name)) for name in self.passwords]


def entered(request: HttpRequest) -> Entered | None:
    """Read what was sent, if sending it again can help.

    None for what no form of this site sent: another site could have somebody send what it wrote. None for what cannot
    be sent again, too: files, JSON, and what could not be read.
    """
    if request.method != "POST" or request.content_type not in FORMS or not is_from_own_page(request):
        return None
    try:
        sent, files = request.POST, request.FILES
    except Exception:  # whatever was wrong with the body has been answered: this page is the answer
        return None
    if files or any(name in sent for name in ONCE_ONLY):
        return None
    return _of(request.get_full_path(), sent)


def _of(address: str, sent: MultiValueDict) -> Entered:
    pairs = [(name, value) for name, values in sent.lists() for value in values if name != TOKEN]
    passwords = [name for name in sent if "password" in name and name not in ABOUT_PASSWORDS]
    return Entered(address, tuple(pair for pair in pairs if pair[0] not in passwords), tuple(passwords))


def is_from_own_page(request: HttpRequest) -> bool:
    """Say whether a page of this site sent a request, by what the browser says of it, which no page can forge."""
    said = _sender(request)
    try:
        came, host = urlsplit(said), request.get_host()
    except (ValueError, DisallowedHost):
        return False
    return (came.scheme, came.netloc) == (request.scheme, host)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Say whether another site's page sent a request. Programs, and a few browsers, say nothing of it."""
    return bool(_sender(request)) and not is_from_own_page(request)


def _sender(request: HttpRequest) -> str:
    return request.headers.get("Origin") or request.headers.get("Referer", "")


def in_words(name: str) -> str:
    """Write a field's name as a label: ``VL both`` of ``VL_both``, ``Full name`` of ``full_name``."""
    if name in LABELS:
        return LABELS[name]
    words = name.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
