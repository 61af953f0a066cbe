"""An institution's own sign-in: a real site, and a small provider on loopback that vouches for whom the test says."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, urlsplit

import jwt
import pytest
import requests

from tests.browser.servers import Server, demo_database

CLIENT, SECRET = "thighsite", "a-secret-of-the-client-and-of-some-length"


class Provider(ThreadingHTTPServer):
    """Lets everybody in at once; ``claims`` is what it says of them."""

    claims: dict = {}

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Answers(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self):
        url = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(url.query).items()}
        if url.path == "/authorize":
            self.send_response(302)
            self.send_header("Location", f"{asked['redirect_uri']}?code=once&state={quote(asked['state'])}")
            self.end_headers()
        elif url.path == "/userinfo":
            self.say(self.server.claims)
        else:
            issuer = self.server.issuer
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            found = {f"{name}_endpoint": f"{issuer}/{end}" for name, end in ends.items()}
            self.say(found | {"issuer": issuer, "jwks_uri": f"{issuer}/keys"})

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        now = int(time.time())
        claims = {"iss": self.server.issuer, "aud": CLIENT, "iat": now, "exp": now + 60} | self.server.claims
        token = jwt.encode(claims, SECRET, algorithm="HS256")
        self.say({"access_token": "token", "token_type": "Bearer", "id_token": token})

    def say(self, what: dict) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(what).encode())

    def log_message(self, *_) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def provider():
    provider = Provider()
    yield provider
    provider.shutdown()
    provider.server_close()


@pytest.fixture(scope="module")
def site(provider, static_files):
    """A demo whose people are signed in by the provider; two have an address."""
    server = Server(demo_database("thighsite_openid_tests"))
    server.environment |= {"OIDC_ISSUER": provider.issuer, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
    server.environment |= {"OIDC_NAME": "the hospital's account"}
    give = "from django.contrib.auth import get_user_model as g\n" + "".join(
        f"g().objects.filter(username='{name}').update(email='{address}', is_staff={staff})\n"
        for name, address, staff in [
            ("reader1", "one@example.org", False),
            ("reader2", "twice@example.org", False),
            ("reader3", "twice@example.org", False),
            ("coordinator", "admin@example.org", True),
        ]
    )
    server.manage(["migrate", "-v0"], ["shell", "-v0", "-c", give])  # the provider brings tables of its own
    server.start()
    yield server
    server.stop()


@pytest.fixture
def enter(site, provider):
    """``enter(claims)``: where one arrives who comes by the provider."""

    def enter(**claims) -> requests.Response:
        provider.claims = claims
        with requests.Session() as browser:
            return browser.get(f"{site.url}/accounts/institution/login/")

    return enter


def links(site) -> list[tuple]:
    return site.rows(
        "SELECT username, uid FROM socialaccount_socialaccount JOIN auth_user ON auth_user.id = user_id ORDER BY 1, 2"
    )


def test_sign_in_page_offers_it_by_name(site):
    page = requests.get(f"{site.url}/accounts/login/").text

    assert "the hospital&#x27;s account" in page
    assert 'href="/accounts/institution/login/' in page


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "one@example.org"},  # not said to be verified
        {"email": "one@example.org", "email_verified": False},
        {"email": "one@example.org", "email_verified": "true"},
        {"email": "nobody@example.org", "email_verified": True},
        {"email": "one@example.org\x00", "email_verified": True},
        {"email": "twice@example.org", "email_verified": True},  # of two accounts
        {"email": "admin@example.org", "email_verified": True},  # of a site admin
        {"preferred_username": "reader1"},  # whoever chooses it
        {},
    ],
)
def test_who_is_not_vouched_for_stays_out_and_gets_no_account(enter, site, claims):
    accounts = site.rows("SELECT count(*) FROM auth_user")

    response = enter(sub="stranger", **claims)

    assert response.status_code == 403
    assert "did not let you in" in response.text
    assert site.rows("SELECT count(*) FROM auth_user") == accounts
    assert "stranger" not in str(links(site))


def test_verified_address_leads_to_the_account_and_is_then_needed_no_more(enter, site):
    first = enter(sub="one", email="one@example.org", email_verified=True)
    again = enter(sub="one", email="married@example.org")

    assert all("Your studies" in response.text and "reader1" in response.text for response in (first, again))
    assert links(site) == [("reader1", "one")]
    events = site.rows("SELECT kind, username, detail FROM sign_in_signinevent WHERE kind = 'signed_in'")
    assert events == [("signed_in", "reader1", "OpenID Connect")] * 2


def test_link_to_an_account_is_in_the_trail(enter, site):
    enter(sub="one", email="one@example.org", email_verified=True)

    told = "SELECT after->>'uid', vouched FROM grading_trail WHERE table_name = 'socialaccount_socialaccount'"
    assert site.rows(told) == [("one", True)]


def test_issuer_that_stands_in_the_database_is_not_asked(site, provider):
    provider.claims = {"sub": "other", "email": "one@example.org", "email_verified": True}
    site.rows(
        "INSERT INTO socialaccount_socialapp (provider, provider_id, name, client_id, secret, key, settings) VALUES "
        f"('openid_connect', 'own', 'Own', '{CLIENT}', '{SECRET}', '', "
        f"jsonb_build_object('server_url', '{provider.issuer}')) RETURNING id"
    )

    with requests.Session() as browser:
        assert browser.get(f"{site.url}/accounts/own/login/").status_code == 404
    assert ("reader1", "other") not in links(site)
