"""What belongs to no study: headers, theme, signing in, error pages."""

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse

from tests.builders import PASSWORD, make_user


def test_every_response_carries_the_content_security_policy(client, db):
    for path in (reverse("login"), "/nowhere/", reverse("health"), static("site.css"), static("grading/page.js")):
        response = client.get(path)
        policy = response.headers["Content-Security-Policy"]

        assert response.getvalue()
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


def test_static_files_come_as_small_as_the_browser_takes_them_and_open_to_no_other_site(client):
    response = client.get(static("grading/page.js"), headers={"Accept-Encoding": "gzip, br"})

    assert response.getvalue()
    assert response.headers["Content-Encoding"] == "br"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_dark_is_the_default_and_light_is_remembered(client, db):
    assert 'data-theme="dark"' in client.get(reverse("login")).content.decode()

    response = client.post(reverse("set-theme"), {"theme": "light", "next": "/accounts/login/"})

    assert response.url == "/accounts/login/"
    assert 'data-theme="light"' in client.get(reverse("login")).content.decode()


@pytest.mark.parametrize(("theme", "colours"), [("dark", "dark"), ("light", "light"), ("system", "dark light")])
def test_page_that_knows_nobody_has_the_theme_too(client, theme, colours):
    client.cookies["theme"] = theme

    page = client.get("/", headers={"Host": "elsewhere.example"})

    assert page.status_code == 400
    assert f'<html lang="en" data-theme="{theme}">' in page.content.decode()
    assert f'<meta name="color-scheme" content="{colours}">' in page.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "%", "data"])
def test_theme_leads_nowhere_else(client, db, target):
    assert client.post(reverse("set-theme"), {"theme": "light", "next": target}).url == "/"


def test_unknown_theme_is_ignored(client, db):
    client.post(reverse("set-theme"), {"theme": "<script>", "next": "/"})

    assert 'data-theme="dark"' in client.get(reverse("login")).content.decode()


def test_theme_takes_post_only(client):
    assert client.get(reverse("set-theme")).status_code == 405


def test_signing_in_and_out(client, db):
    user = make_user("ann")

    client.post(reverse("login"), {"username": user.username, "password": PASSWORD})
    inside = client.get(reverse("home"))
    client.post(reverse("logout"))
    outside = client.get(reverse("home"))

    assert (inside.status_code, outside.status_code) == (200, 302)


def test_unknown_page_is_a_designed_404(client, db):
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert "There is no such page" in response.content.decode()


def test_no_sqlite_anywhere():
    assert settings.DATABASES["default"]["ENGINE"] in ("thighsite.embedded_postgres", "thighsite.postgres")
