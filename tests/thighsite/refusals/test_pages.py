"""Every refusal and failure in the site's words, with a way on; and in JSON to whoever asks for it."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import reverse

OWN = {"Origin": "http://testserver"}
JSON = {"Accept": "application/json"}
DJANGOS = ["DEBUG", "Django", "CSRF", "<h1>Bad Request", "<h1>Not Found", "403 Forbidden", "Server Error (500)"]
pytestmark = pytest.mark.django_db


def refusals(client, study, coordinator):
    """Name and answer of each status with which the site refuses, as ask(**headers) gets it."""
    client.force_login(coordinator)
    page = reverse("assign-reads", args=[study.slug])
    return {
        400: lambda **headers: client.get(page, headers={"User-Agent": "a\x00b"} | headers),
        403: lambda **headers: client.get(reverse("worklist", args=[study.pk]), headers=headers),
        404: lambda **headers: client.get("/nowhere/", headers=headers),
        405: lambda **headers: client.delete(page, headers=headers),
        413: lambda **headers: client.post(page, {f"f{i}": "" for i in range(1001)}, headers=headers),
        422: lambda **headers: client.post(page, {"reason": "a\x00b"}, headers=OWN | headers),
    }


STATUSES = [400, 403, 404, 405, 413, 422]


@pytest.mark.parametrize("status", STATUSES)
def test_refusal_is_a_page_of_the_site_with_a_way_on(client, study, coordinator, status):
    answer = refusals(client, study, coordinator)[status]()

    page = answer.content.decode()
    assert answer.status_code == status
    assert "· thighsite</title>" in page
    assert 'href="/"' in page
    assert not [word for word in DJANGOS if word in page]


@pytest.mark.parametrize("status", STATUSES)
def test_refusal_is_json_to_who_asks_for_it(client, study, coordinator, status):
    answer = refusals(client, study, coordinator)[status](**JSON)

    assert answer.status_code == status
    assert answer.json()["error"].endswith((".", "anew."))


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_wrong_address_is_told_from_a_wrong_form(client):
    answer = client.get("/", headers={"Host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "does not go by this address" in answer.content.decode()


def test_405_still_says_what_it_would_take(client):
    assert client.get(reverse("set-theme")).headers["Allow"] == "POST"
    assert "Nothing to show here" in client.get(reverse("set-theme")).content.decode()


@pytest.mark.urls("tests.thighsite.log.failing_urls")
class TestFailure:
    @pytest.fixture
    def client(self):
        return Client(raise_request_exception=False)

    def test_page_names_the_request_and_keeps_what_was_entered(self, client):
        answer = client.post("/fail-in-turn/", {"code": "P-0042 <b>", "new_password1": "secret"}, headers=OWN)

        page = answer.content.decode()
        assert answer.status_code == 500
        assert f"<code>{answer.headers['X-Request-ID']}</code>" in page
        assert 'name="code" value="P-0042 &lt;b&gt;"' in page
        assert "secret" not in page
        assert "csrfmiddlewaretoken" in page

    def test_page_asks_for_passwords_again_by_the_words_of_their_forms(self, client):
        secret = {"oldpassword": "one-secret", "password1": "two-secret", "password2": "two-secret"}

        page = client.post("/fail-in-turn/", {"code": "P-0042"} | secret, headers=OWN).content.decode()

        asked = re.findall(r'<label for="again-\d">([^<]*)</label><input[^>]* type="password" name="([^"]*)"', page)
        assert asked == [
            ("Current password", "oldpassword"),
            ("New password", "password1"),
            ("New password (again)", "password2"),
        ]
        assert "-secret" not in page

    def test_page_keeps_a_choice_about_passwords_which_is_none(self, client):
        chosen = {"code": "P-0042", "password_at_sign_off": "on", "passwordless": "on"}

        page = client.post("/fail-in-turn/", chosen, headers=OWN).content.decode()

        assert 'name="password_at_sign_off" value="on"' in page
        assert 'name="passwordless" value="on"' in page
        assert 'type="password"' not in page

    def test_json_names_it_too(self, client):
        answer = client.post("/fail-in-turn/", {"code": "P-0042"}, headers=OWN | JSON)

        assert answer.status_code == 500
        assert answer.json()["request_id"] == answer.headers["X-Request-ID"]
        assert answer.headers["X-Request-ID"] in answer.json()["error"]
        assert "P-0042" not in answer.content.decode()
