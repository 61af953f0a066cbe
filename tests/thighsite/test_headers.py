"""Headers and transport: on pages, files, redirects and errors alike. And nothing inline in any template."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import get_template
from django.urls import reverse

from tests.builders import make_member
from tests.thighsite.test_settings import OURS, PRODUCTION, ROOT

EXPECTED = {
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def missing(response) -> list[str]:
    return [name for name, value in EXPECTED.items() if value not in response.headers.get(name, "")]


@pytest.mark.parametrize("path", ["/accounts/login/", "/", "/nowhere/", "/health/", "/admin/", "/session/renew/"])
def test_pages_redirects_and_errors_carry_every_header(client, db, path):
    response = client.get(path)

    assert missing(response) == []
    assert "no-store" in response.headers["Cache-Control"]


def test_refusals_carry_every_header(client, study, reader):
    client.force_login(reader)

    for response in (client.get(reverse("data", args=[study.slug])), client.put(reverse("home"))):
        assert response.status_code in (403, 405)
        assert missing(response) == []


OF_PAGES_ONLY = ["Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"]


@pytest.mark.parametrize(("name", "without"), [("admin/img/icon-no.svg", []), ("site.css", OF_PAGES_ONLY)])
def test_static_files_carry_their_headers_and_are_cached(client, db, name, without):
    response = client.get(staticfiles_storage.url(name))

    assert response.status_code == 200
    assert missing(response) == without
    assert "immutable" in response.headers["Cache-Control"]
    response.close()


def test_downloads_carry_every_header(client, study):
    client.force_login(make_member(study, "coordinator").user)

    response = client.get(reverse("export-participants", args=[study.slug]))

    assert missing(response) == []
    assert response.headers["Cache-Control"] == "no-store"


ASK = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client
settings.ALLOWED_HOSTS += ["testserver"]
plain, secure = Client().get("/accounts/login/"), Client().get("/nowhere/", secure=True)
print(json.dumps({
    "redirect": [plain.status_code, plain.headers["Location"]],
    "hsts": secure.headers["Strict-Transport-Security"],
    "session": [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
                settings.SESSION_COOKIE_SAMESITE, settings.SESSION_COOKIE_PATH, settings.SESSION_COOKIE_DOMAIN],
    "csrf": [settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_SECURE, settings.CSRF_COOKIE_SAMESITE],
    "hasher": settings.PASSWORD_HASHERS[0].rpartition(".")[2],
    "second_factor": settings.SECOND_FACTOR_REQUIRED,
    "insecure_passkeys": settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN,
}))
"""


def in_production(**more) -> dict:
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    environment = (
        kept | PRODUCTION | {"DJANGO_SETTINGS_MODULE": "thighsite.settings", "STATIC_ROOT": str(settings.STATIC_ROOT)}
    )
    done = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=environment | more, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_production_is_over_tls_with_cookies_of_this_host_alone():
    found = in_production()

    assert found["redirect"] == [301, "https://testserver/accounts/login/"]
    assert found["hsts"] == "max-age=31536000; includeSubDomains; preload"
    assert found["session"] == ["__Host-sessionid", True, True, "Lax", "/", None]
    assert found["csrf"] == ["__Host-csrftoken", True, "Lax"]
    assert found["hasher"] == "Argon2PasswordHasher"
    assert found["second_factor"] is True
    assert found["insecure_passkeys"] is False


def test_without_an_issuer_there_is_not_even_a_url(client):
    assert client.get("/accounts/institution/login/").status_code == 404


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_has_nothing_inline(template):
    text = re.sub(r"\{#.*?#\}", "", template.read_text(), flags=re.S)

    scripts = [
        tag for tag in re.findall(r"<script\b[^>]*>", text) if "src=" not in tag and "application/json" not in tag
    ]
    assert scripts == []
    assert re.findall(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|hx-on", text) == []
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", text) == []


def test_templates_are_all_of_this_site():
    """A page that allauth would bring in its own looks, with its own scripts, is one too many."""
    names = "account/login account/logout account/reauthenticate account/password_change account/password_set "
    names += "mfa/authenticate mfa/reauthenticate mfa/totp/activate_form mfa/totp/deactivate_form "
    names += "mfa/recovery_codes/index mfa/recovery_codes/generate mfa/webauthn/add_form mfa/webauthn/reauthenticate "
    names += (
        "mfa/webauthn/authenticator_confirm_delete socialaccount/authentication_error socialaccount/login_cancelled"
    )
    for name in names.split():
        assert Path(get_template(f"{name}.html").origin.name).is_relative_to(settings.BASE_DIR / "templates")
