"""People with second factors, and how tests sign them in."""

import base64
import os
import time

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import sha256, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from tests.builders import PASSWORD

SECRET = "JBSWY3DPEHPK3PXP"


def give_app(user) -> None:
    """Give a user an authenticator app and recovery codes, stored as allauth stores them."""
    give_app_alone(user)
    codes = {"seed": get_adapter().encrypt(os.urandom(40).hex()), "used_mask": 0}
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=codes)


def give_app_alone(user) -> None:
    """Give a user an authenticator app, without recovery codes."""
    secret = {"secret": get_adapter().encrypt(SECRET)}
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=secret)


def give_passkey(user, name: str = "Key") -> Authenticator:
    """Of random bytes, as an authenticator names itself."""
    identity = os.urandom(16)
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(b"\0" * 16, identity, key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    attested = AttestationObject.create("none", AuthenticatorData.create(sha256(b"x"), flags, 0, credential), {})
    said = CollectedClientData.create(CollectedClientData.TYPE.CREATE, b"\2" * 16, "http://testserver")
    response = {"clientDataJSON": websafe_encode(said), "attestationObject": websafe_encode(attested)}
    own = websafe_encode(identity)
    registered = {"id": own, "rawId": own, "type": "public-key", "response": response}
    data = {"name": name, "credential": registered, "passwordless": False}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def code_now(secret: str = SECRET) -> str:
    """Compute what an authenticator app with the secret shows at this moment."""
    return code_at(time.time(), secret)


def code_at(at: float, secret: str = SECRET) -> str:
    """Compute what an authenticator app with the secret shows at a time, in seconds since 1970 (RFC 6238)."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30, enforce_key_length=False).generate(int(at)).decode()


def give_password(client, username: str, password: str = PASSWORD, **headers):
    return client.post(reverse("login"), {"username": username, "password": password}, **headers)


def sign_in(client, user):
    """Through the page, with the second factor where there is one."""
    response = give_password(client, user.username)
    if response.url == reverse("mfa_authenticate"):
        response = client.post(response.url, {"code": code_now()})
    return response
