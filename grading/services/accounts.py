"""Accounts: made for people, who then choose their own password through a one-time link."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from grading.codes.alphabets import mixed_alphabets
from grading.codes.similarity import CodeIndex, keys, looks, unlike_letters
from grading.codes.spelling import composed, why_unseen


class Usernames:
    """The usernames that are taken: which others no account can have, and which are easily taken for one of them."""

    def __init__(self, names: Iterable[str]):
        self._spelled = CodeIndex(lambda name: {name.lower()})
        self._looking = CodeIndex(looks)
        self._similar = CodeIndex(keys)
        for name in names:
            self.add(name)

    @classmethod
    def taken(cls, *, but: Any = None) -> Self:
        """Fetch those of all accounts of the site, but of one that is about to have another."""
        others = get_user_model().objects.exclude(pk=but.pk) if but else get_user_model().objects.all()
        return cls(others.order_by("pk").values_list("username", flat=True))

    def add(self, username: str) -> None:
        for index in (self._spelled, self._looking, self._similar):
            index.add(username)

    def why_not(self, username: str) -> str | None:
        """Say why no account can be made for a name; None if one can."""
        if twin := self._spelled.other(username):
            return f"'{username}' is almost the account '{twin}': capitals matter."
        if twin := self._looking.other(username):
            letters = unlike_letters(username, twin)
            written = f": it is written with {', '.join(letters)}" if letters else ""
            return f"'{username}' looks like the account '{twin}'{written}. Choose a name that nobody takes for it."
        return _why_no_username(username)

    def similar_to(self, username: str) -> str | None:
        """Say which account a name is easily taken for; None if there is none."""
        twin = self._similar.other(username)
        return twin and f"'{username}' is easily taken for the account '{twin}'."


def _why_no_username(username: str) -> str | None:
    if why := why_unseen(composed(username)):
        return f"'{username}' cannot be a user name: it {why}."
    user_model = get_user_model()
    try:
        user_model(username=username).clean_fields(exclude=["password"])
    except ValidationError:
        return f"'{username}' cannot be a user name: up to 150 letters, digits and @ . + - _ only."
    if user_model.normalize_username(username) != username:
        return f"'{username}' cannot be a user name: it holds characters that look like others."
    if alphabets := mixed_alphabets(username):
        return f"'{username}' cannot be a user name: it mixes letters of {' and '.join(alphabets)}, which look alike."
    return None


def make_account(username: str) -> Any:
    """Make a user without a password, who cannot sign in until a one-time link has been followed."""
    return get_user_model().objects.create_user(username)


def one_time_link(user: Any, *, site: str | None = None) -> str:
    """Make the link by which a user chooses a password. It works once, and for PASSWORD_RESET_TIMEOUT seconds.

    It names them as they are named, for the account's number counts.

    Args:
        site: the address under which whoever gets it finds the site; None for SITE_URL.
    """
    uidb64 = urlsafe_base64_encode(force_bytes(user.get_username()))
    path = reverse("set-password", kwargs={"uidb64": uidb64, "token": default_token_generator.make_token(user)})
    return f"{site or settings.SITE_URL}{path}"
