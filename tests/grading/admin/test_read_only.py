"""Rows that are there to be looked at: their pages take nothing that is sent, not even what a page of before sends."""

import pytest

from thighsite.sign_in.models import SignInEvent

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sent", [{}, {"seen": "a page of before"}])
def test_what_nobody_changes_is_refused_whatever_is_sent(pages, sent):
    event = SignInEvent.objects.first()
    path = pages.path("sign_in_signinevent", "change", event.pk)
    assert pages.client.get(path).status_code == 200

    assert pages.client.post(path, sent).status_code == 403
