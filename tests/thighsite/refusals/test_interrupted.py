"""A session that ends while a request runs: what was sent may be stored, and nobody is told that it is not."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from tests.thighsite.sign_in.people import sign_in

pytestmark = pytest.mark.django_db


def ending_sessions(get_response):
    def answer(request):
        response = get_response(request)
        request.session["seen"] = True
        Session.objects.all().delete()
        return response

    return answer


def test_user_is_told_to_see_whether_it_was_stored(client, study, reader, settings):
    sign_in(client, reader)
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.ending_sessions"]
    here = Client()  # a client keeps the middleware that it began with
    here.cookies = client.cookies

    said = here.get(reverse("worklist", args=[study.pk])).content.decode()

    assert "Your session ended while this was sent." in said
    assert "Nothing was changed" not in said
