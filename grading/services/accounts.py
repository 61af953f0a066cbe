"""Accounts: made for people, who then choose their own password through a one-time link."""

from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models.fields.json import KT
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from grading.codes.alphabets import mixed_alphabets
from grading.codes.similarity import CodeIndex, keys, looks, unlike_letters
from grading.codes.spelling import composed, why_unseen
from grading.models import TrailRecord, Unblinded
from thighsite.sign_in.one_time_links import new_token

ONE_AFTER_ANOTHER = "SELECT pg_advisory_xact_lock(hashtextextended('thighsite usernames', 0))"


class Usernames:
    """The usernames that are taken: which others no account can have, and which are easily taken for one of them."""

    def __init__(self, names: Iterable[str], former: Iterable[str] = ()):
        self._spelled = CodeIndex(lambda name: {name.lower()})
        self._looking = CodeIndex(looks)
        self._similar = CodeIndex(keys)
        self._former = {name.lower() for name in former}
        for name in names:
            self.add(name)

    @classmethod
    def taken(cls, *, but: Any = None) -> Self:
        """Fetch those of all accounts of the site, but of one that is about to have another.

        Nobody else fetches them until the transaction ends: of two who choose similar names at once, the later is told.
        """
        with connection.cursor() as cursor:
            cursor.execute(ONE_AFTER_ANOTHER)
        others = get_user_model().objects.exclude(pk=but.pk) if but else get_user_model().objects.all()
        return cls(others.order_by("pk").values_list("username", flat=True), _names_of_unblinded(but))

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
        if username.lower() in self._former:
            return (
                f"'{username}' was the name of an account that has seen the groups of a study, so that nobody else "
                "gets it: a reader must be blind to them."
            )
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


def _names_of_unblinded(but: Any) -> list[str]:
    """List the names that accounts once had, those that are gone included, which have seen the groups of a study."""
    seen = {str(pk) for pk in Unblinded.objects.order_by().values_list("user", flat=True).distinct()}
    renamed = TrailRecord.objects.filter(table="auth_user", key__in=seen - {str(but and but.pk)}, read=None)
    names = renamed.annotate(former=KT("before__username")).filter(former__isnull=False).order_by()
    return list(names.values_list("former", flat=True))


def why_account_stays(user: Any) -> str | None:
    """Say why an account cannot be deleted; None if it can. The database refuses the same."""
    instead = f"{user} stays; switch the account off instead."
    if study := user.reads.order_by("study__title").values_list("study__title", flat=True).first():
        return f"{user} has reads in {study}. {instead}"
    if studies := list(user.memberships.order_by("study__title").values_list("study__title", flat=True)):
        return f"{user} belongs to {', '.join(studies)}. {instead}"
    if Unblinded.objects.filter(user=user.pk).exists():
        return f"{user} has seen the groups of a study, and nobody may begin anew under that name. {instead}"
    return None


def make_account(username: str) -> Any:
    """Make a user without a password, who cannot sign in until a one-time link has been followed."""
    return get_user_model().objects.create_user(username)


def one_time_link(user: Any, *, by: Any = None, site: str | None = None) -> str:
    """Make the link by which a user chooses a password. It works once, and for PASSWORD_RESET_TIMEOUT seconds.

    Links that were made for the account before end.

    It names them as they are named, for the account's number counts.

    Args:
        by: who makes it, for the trail of signing in; None for a command.
        site: the address under which whoever gets it finds the site; None for SITE_URL.
    """
    uidb64 = urlsafe_base64_encode(force_bytes(user.get_username()))
    token = new_token(user, f"by {by or 'a command'}")
    path = reverse("set-password", kwargs={"uidb64": uidb64, "token": token})
    return f"{site or settings.SITE_URL}{path}"
