"""An address names an account or a passkey in text that anybody may write: what PostgreSQL cannot hold names nobody."""

import pytest
from django.urls import reverse
from django.utils.http import urlsafe_base64_encode

from tests.thighsite.sign_in.people import give_app, sign_in

pytestmark = pytest.mark.django_db

IMPOSSIBLE = [b"ann\x00", b"\x00", b"\xff\xfe", b"\xed\xa0\x80"]


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_link_for_a_name_that_cannot_be_is_a_used_up_one(client, name):
    response = client.get(reverse("set-password", args=[urlsafe_base64_encode(name), "token"]))

    assert response.status_code == 200
    assert not response.context["validlink"]


@pytest.mark.parametrize("written", ["%00", "AQ%00", "%C2%80"])
def test_passkey_whose_id_cannot_be_is_not_found(client, reader, written):
    give_app(reader)
    sign_in(client, reader)
    path = reverse("mfa_remove_webauthn", args=["id"]).replace("/id/", f"/{written}/")

    assert [client.get(path).status_code, client.post(path).status_code] == [404, 404]
