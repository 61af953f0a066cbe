"""Whoever sees groups or changes the site shows a second factor before reaching anything."""

import uuid
from urllib.parse import urlencode

import pytest
from django.urls import URLPattern, get_resolver, reverse
from django.urls.converters import IntConverter

from grading.roles import ROLES
from grading.services.accounts import one_time_link
from tests.builders import make_member, make_study, make_user
from tests.thighsite.sign_in.people import SECRET, code_now, give_app, give_passkey, give_password, sign_in
from thighsite.sign_in.adapters import KeyLost
from thighsite.sign_in.second_factor import SETTING_UP

pytestmark = pytest.mark.django_db

ARGUMENTS = {
    "slug": "thighs",
    "pk": uuid.uuid4(),
    "uidb64": "x",
    "credential": "AQ",
    "token": "x",
    "app_label": "grading",
    "object_id": "1",
    "sequence": "STIR",
}
ARGUMENTS |= {"content_type_id": 1, "url": "x", "path": "x"}
# They decide by a link, or before anybody is signed in.
BEFORE_SIGNING_IN = {"set-password", "mfa_authenticate", "mfa_login_webauthn"}


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def site_admin():
    user = make_user()
    user.is_staff = user.is_superuser = True
    user.save()
    return user


PEOPLE = {"site admin": site_admin} | {
    role.code: lambda code=role.code: make_member(make_study(), code).user for role in ROLES if role.needs_second_factor
}


def every_url():
    """(name, path) of all views that the site has, those of the admin included."""

    def walk(patterns, names=""):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                given = {name: ARGUMENTS.get(name, "1") for name in pattern.pattern.regex.groupindex}
                numbers = [name for name, to in pattern.pattern.converters.items() if isinstance(to, IntConverter)]
                given |= dict.fromkeys(numbers, 1)
                if pattern.name:
                    yield f"{names}{pattern.name}", reverse(f"{names}{pattern.name}", kwargs=given)
            else:
                inside = f"{names}{pattern.namespace}:" if pattern.namespace else names
                yield from walk(pattern.url_patterns, inside)

    return list(walk(get_resolver().url_patterns))


@pytest.mark.parametrize("who", PEOPLE)
def test_sign_in_leads_to_setting_one_up(client, who):
    give_password(client, PEOPLE[who]().username)

    response = client.get(reverse("home"))

    assert (response.status_code, response.url) == (302, reverse("security"))
    assert "Your role needs a second factor" in client.get(response.url).content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", PEOPLE)
def test_no_view_escapes(client, who, method):
    client.force_login(PEOPLE[who]())
    escaped = []

    guarded = [(name, path) for name, path in every_url() if name not in SETTING_UP | BEFORE_SIGNING_IN]

    for name, path in guarded:
        response = getattr(client, method)(path)
        led = (401, None) if name.startswith("api-") else (302, reverse("security"))  # no cookie counts there
        if (response.status_code, response.headers.get("Location")) != led:
            escaped.append((name, response.status_code))

    assert len(guarded) > 50
    assert escaped == []


@pytest.mark.parametrize("who", PEOPLE)
def test_json_is_refused_in_json(client, who):
    client.force_login(PEOPLE[who]())

    response = client.get("/studies/x/comparison.json", headers={"accept": "application/json"})

    assert response.status_code == 403
    assert "second factor" in response.json()["error"]
    assert response.json()["needs"] == "second factor"  # by which an open page tells it from no access


def test_readers_and_others_need_none(client, reader):
    give_password(client, reader.username)

    assert client.get(reverse("home")).url.startswith("/reading/")


def test_reader_who_becomes_coordinator_elsewhere_needs_one_at_once(client, reader):
    client.force_login(reader)
    make_member(make_study(), "coordinator", reader)

    assert client.get(reverse("home")).url == reverse("security")


@pytest.mark.parametrize("who", PEOPLE)
def test_with_the_second_factor_everything_opens(client, who):
    user = PEOPLE[who]()
    give_app(user)

    assert sign_in(client, user).status_code == 302
    assert client.get(reverse("home"), follow=True).status_code == 200


def test_password_alone_signs_nobody_in_who_has_one(client, coordinator):
    give_app(coordinator)

    response = give_password(client, coordinator.username)

    assert response.url == reverse("mfa_authenticate")
    assert client.get(reverse("home")).url == f"{reverse('login')}?next=/"


def test_wrong_code_signs_nobody_in(client, coordinator):
    give_app(coordinator)
    page = give_password(client, coordinator.username).url

    response = client.post(page, {"code": "000000"})

    assert "That code is not right" in response.content.decode()
    assert client.get(reverse("home")).status_code == 302


def test_code_works_once(client, coordinator):
    give_app(coordinator)
    code = code_now()
    client.post(give_password(client, coordinator.username).url, {"code": code})
    client.post(reverse("logout"))

    client.post(give_password(client, coordinator.username).url, {"code": code})

    assert client.get(reverse("home")).url == f"{reverse('login')}?next=/"


def test_session_without_the_factor_that_the_account_has_is_asked_for_it(client, study, coordinator):
    give_app(coordinator)
    client.force_login(coordinator)

    address = reverse("data", args=[study.slug])
    asked, head = client.get(address), client.head(address)
    client.post(asked.url, {"code": code_now()})

    assert asked.url == head.url == f"{reverse('mfa_reauthenticate')}?{urlencode({'next': address})}"
    assert client.get(reverse("home")).url.endswith("/data/")


def test_only_second_factor_of_who_needs_one_stays(client, coordinator):
    give_app(coordinator)
    sign_in(client, coordinator)

    client.post(reverse("mfa_deactivate_totp"))

    assert coordinator.authenticator_set.filter(type="totp").exists()


def test_passkey_is_removed_by_its_own_id_and_nobody_elses_is(client, reader, coordinator):
    give_app(reader)
    sign_in(client, reader)
    own, other = give_passkey(reader, "Old key"), give_passkey(coordinator)
    give_passkey(reader, "New key")
    page = client.get(reverse("security")).content.decode()
    removals = [reverse("mfa_remove_webauthn", args=[key.data["credential"]["id"]]) for key in (own, other)]

    statuses = [client.post(removal).status_code for removal in removals]

    assert removals[0] in page
    assert statuses == [302, 404]
    assert [key.wrap().name for key in reader.authenticator_set.filter(type="webauthn")] == ["New key"]
    assert coordinator.authenticator_set.count() == 1


def test_setting_one_up_ends_other_sessions(client, client_elsewhere, coordinator, django_capture_on_commit_callbacks):
    give_password(client_elsewhere, coordinator.username)
    give_password(client, coordinator.username)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})

    assert client_elsewhere.get(reverse("home")).url == f"{reverse('login')}?next=/"


def test_admin_is_entered_through_the_same_sign_in(client):
    response = client.get(reverse("admin:index"), follow=True)

    assert response.redirect_chain[-1][0].startswith(reverse("login"))
    assert client.post(reverse("admin:login"), {"username": "x", "password": "y"}).url.startswith(reverse("login"))


def test_one_time_link_does_not_pass_by_the_second_factor(client, coordinator):
    give_app(coordinator)
    link = one_time_link(coordinator)
    page = client.get(link[link.index("/accounts/") :]).url

    response = client.post(page, {"new_password1": "another-good-one", "new_password2": "another-good-one"})

    assert response.url == reverse("mfa_authenticate")
    assert client.get(reverse("home")).status_code == 302
    assert client.get(reverse("home")).url.startswith(reverse("login"))


def test_second_factor_costs_no_query(client, coordinator, django_assert_num_queries):
    give_app(coordinator)
    sign_in(client, coordinator)

    with django_assert_num_queries(2):  # session and user
        client.get(reverse("session"))


def test_database_alone_is_not_enough_to_make_codes(coordinator, settings):
    give_app(coordinator)
    app = coordinator.authenticator_set.get(type="totp")
    codes = coordinator.authenticator_set.get(type="recovery_codes")

    assert SECRET not in str(app.data)
    assert not any(code in str(codes.data) for code in codes.wrap().get_unused_codes())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret"
    assert app.wrap().validate_code(code_now())
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(KeyLost):
        app.wrap().validate_code(code_now())


def test_lost_key_is_said_in_words_to_who_gives_a_code_and_to_the_operator(client, coordinator, settings, caplog):
    own, settings.SECRET_KEY = settings.SECRET_KEY, "a-key-that-was-lost"
    give_app(coordinator)
    settings.SECRET_KEY = own
    give_password(client, coordinator.username)

    answer = client.post(reverse("mfa_authenticate"), {"code": code_now()})

    assert answer.status_code == 200
    assert "secret key is another than when this second factor was set up" in answer.content.decode()
    assert "put it into SECRET_KEY_FALLBACKS" in caplog.text
