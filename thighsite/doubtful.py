"""Settings with which the site works, but not as it should: told by the check and when the site starts."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from thighsite.environment import HOST, HOSTS_ARE, secret, words

KEY_CHARACTERS = 50
SHORT = (
    f"SECRET_KEY has fewer than {KEY_CHARACTERS} characters. What is encrypted and signed under a short one "
    'can be guessed: change it as the operator\'s guide says ("To change SECRET_KEY").'
)


def doubts() -> list[str]:
    """Say what is doubtful in production: a short key, and names in ALLOWED_HOSTS that no browser sends."""
    if not settings.PRODUCTION:
        return []
    found = [SHORT] if len(settings.SECRET_KEY) < KEY_CHARACTERS else []
    unmatched = [each for each in words(secret("ALLOWED_HOSTS")) if not HOST.fullmatch(each)]
    return found + [f"ALLOWED_HOSTS has {each!r}, which matches nothing: {HOSTS_ARE}" for each in unmatched]


@register
def nothing_is_doubtful(app_configs: Sequence[Any] | None = None, **options: Any) -> Iterable[CheckMessage]:
    """Find settings that are doubtful."""
    return [Warning(said, id="thighsite.W004") for said in doubts()]
