"""People with second factors, and how tests sign them in."""

import time

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.urls import reverse

from tests.builders import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def give_app(user) -> None:
    """An authenticator app and recovery codes."""
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)


def code_now(secret: str = SECRET) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def give_password(client, username: str, password: str = PASSWORD, **headers):
    return client.post(reverse("login"), {"username": username, "password": password}, **headers)


def sign_in(client, user):
    """Through the page, with the second factor where there is one."""
    response = give_password(client, user.username)
    if response.url == reverse("mfa_authenticate"):
        response = client.post(response.url, {"code": code_now()})
    return response
