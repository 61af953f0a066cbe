"""Sessions end: unused, old, ended from elsewhere, by another password or by command."""

from importlib import import_module
from urllib.parse import quote

import pytest
from django.contrib.sessions.models import Session
from django.core import signing
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.signing import BadSignature
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.builders import PASSWORD, make_read, make_user
from tests.thighsite.sign_in.people import give_app, give_password, sign_in
from thighsite.sign_in.browsers import in_words
from thighsite.sign_in.models import SignInEvent
from thighsite.sign_in.session_store import SessionStore

pytestmark = pytest.mark.django_db

MINUTE = 60


@pytest.fixture
def at(monkeypatch):
    """``at(seconds)``: let it be so many seconds after the test's start, and stay so however slow the machine is."""
    from time import time as now

    started = int(now())
    return lambda seconds: monkeypatch.setattr("time.time", lambda: started + seconds)


def is_signed_in(client) -> bool:
    return client.get(reverse("security")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_session_that_is_stored_while_the_database_is_away_is_not_gone():
    session = SessionStore()
    session["seen"] = 1
    session.create()

    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(OperationalError):  # and not that somebody signed out
        session.save()
    connection.close()


def dumped_texts() -> list[str]:
    """List every text that the database holds and a session's key could stand in, as a dump shows them."""
    columns = """SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'
                 AND data_type IN ('character varying', 'text', 'jsonb')"""
    with connection.cursor() as cursor:
        cursor.execute(columns)
        asked = " UNION ALL ".join(f'SELECT "{column}"::text FROM "{table}"' for table, column in cursor.fetchall())
        cursor.execute(f"SELECT DISTINCT held FROM ({asked}) AS texts (held) WHERE held <> ''")
        return [text for (text,) in cursor.fetchall()]


def kinds(user) -> list[str]:
    return list(SignInEvent.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_unused_session_ends(client, at):
    user = make_user()
    sign_in(client, user)

    at(29 * MINUTE)
    assert is_signed_in(client)
    at(58 * MINUTE)  # 29 minutes after that
    assert is_signed_in(client)
    at(89 * MINUTE)
    assert not is_signed_in(client)

    assert kinds(user) == ["signed_in", "expired"]
    assert not Session.objects.exists()


def test_what_pages_ask_by_themselves_is_not_use(client, at):
    at(0)
    sign_in(client, make_user())

    for minute in range(5, 30, 5):
        at(minute * MINUTE)
        left = client.get(reverse("session"), headers={"x-background": "1"}).json()["seconds_left"]
        assert left == (30 - minute) * MINUTE
    at(31 * MINUTE)

    assert client.get(reverse("session"), headers={"accept": "application/json"}).status_code == 401


def test_page_of_somebody_else_is_told_that_its_session_is_over(client):
    sign_in(client, make_user("zoë"))

    def ask(user):
        return client.get(reverse("session"), headers={"accept": "application/json", "x-user": quote(user)}).status_code

    assert [ask("ann"), ask("zoë"), ask("")] == [401, 200, 200]


def test_staying_is_asked_for_by_post(client, at):
    sign_in(client, make_user())
    at(29 * MINUTE)

    assert client.post(reverse("session")).json()["seconds_left"] == 30 * MINUTE


def test_session_ends_after_a_day_of_work_however_used(client, at):
    sign_in(client, make_user())

    for minute in range(0, 12 * 60, 20):
        at(minute * MINUTE)
        assert is_signed_in(client)
    at(12 * 60 * MINUTE + 1)

    assert not is_signed_in(client)


def test_use_is_written_once_a_minute(client, at, django_assert_num_queries):
    sign_in(client, make_user())

    at(45)
    with django_assert_num_queries(2):
        client.get(reverse("session"))
    at(75)
    with django_assert_num_queries(4 + 2):  # two writes, one of them between savepoints
        client.get(reverse("session"))
    at(100)
    with django_assert_num_queries(2):
        client.get(reverse("session"))


def test_page_says_how_long_its_session_lives(client, at):
    at(0)
    sign_in(client, make_user())
    at(7)

    assert 'data-seconds-left="1793"' in client.get(reverse("home")).content.decode()


def test_own_sessions_are_listed_and_ended_one_by_one(client, client_elsewhere):
    user = make_user()
    sign_in(client, user)
    sign_in(client_elsewhere, user)

    page = client.get(reverse("security"))
    assert "Elsewhere/1" in page.content.decode()
    (other,) = [row for row, _ in page.context["sessions"] if row.ip == "192.0.2.7"]
    client.post(reverse("end-sessions"), {"session": other.pk})

    assert not is_signed_in(client_elsewhere)
    assert is_signed_in(client)
    assert "ended" in kinds(user)


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15",
            "Safari on macOS",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("curl/8", "curl/8"),
        ("", "Unknown"),
    ],
)
def test_browsers_are_named_as_their_users_know_them(user_agent, words):
    assert in_words(user_agent) == words


def test_nobody_ends_sessions_of_somebody_else(client, client_elsewhere):
    sign_in(client_elsewhere, make_user())
    sign_in(client, make_user())
    theirs = client_elsewhere.get(reverse("security")).context["sessions"][0][0]

    client.post(reverse("end-sessions"), {"session": theirs.pk})
    client.post(reverse("end-sessions"))
    client.post(reverse("end-sessions"), {"session": "nonsense"})

    assert is_signed_in(client_elsewhere)


def test_new_password_ends_all_other_sessions(client, client_elsewhere):
    user = make_user()
    sign_in(client, user)
    sign_in(client_elsewhere, user)
    new = "another-good-password"

    response = client.post(
        reverse("change-password"), {"oldpassword": PASSWORD, "password1": new, "password2": new}, follow=True
    )

    assert "Your password is changed." in response.content.decode()
    assert is_signed_in(client)
    assert not is_signed_in(client_elsewhere)
    assert give_password(client_elsewhere, user.username, new).status_code == 302


def test_wrong_old_password_changes_nothing(client):
    user = make_user()
    sign_in(client, user)

    client.post(
        reverse("change-password"), {"oldpassword": "x", "password1": "another-good-1", "password2": "another-good-1"}
    )

    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_what_the_database_says_of_a_session_is_no_key_to_it(client):
    sign_in(client, make_user())
    client.get(reverse("home"))
    cookie = client.cookies["sessionid"].value

    dumped = dumped_texts()

    assert cookie not in "".join(dumped)
    for value in (text for text in dumped if text.isalnum()):  # as every key is
        thief = Client()
        thief.cookies["sessionid"] = value
        assert not is_signed_in(thief)
    assert is_signed_in(client)


def test_key_of_an_app_that_is_being_set_up_is_no_plain_text(client, reader):
    sign_in(client, reader)
    client.get(reverse("mfa_activate_totp"))

    (stored,) = Session.objects.values_list("session_data", flat=True)

    with pytest.raises(BadSignature):
        signing.loads(stored, salt="django.contrib.sessions.SessionStore")  # how Django would read it
    assert client.session["mfa.totp.secret"]


def test_session_of_an_earlier_secret_key_goes_on_and_of_a_forgotten_one_is_over(client, settings):
    sign_in(client, make_user())
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-secret"
    assert is_signed_in(client)
    assert "This one" in client.get(reverse("security")).content.decode()

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [], "a third"

    assert not is_signed_in(client)


@pytest.mark.parametrize("cookie", ["", "short", "x" * 40, "x" * 4000, "\x00" * 20, "é" * 20])
def test_cookie_that_is_no_key_signs_nobody_in(client, cookie):
    client.cookies["sessionid"] = cookie

    assert client.get(reverse("home")).url.startswith(reverse("login"))


def test_session_that_is_over_is_taken_off_the_list_at_the_next_sign_in(client, client_elsewhere):
    user = make_user()
    sign_in(client_elsewhere, user)
    Session.objects.update(expire_date=timezone.now())

    sign_in(client, user)

    assert [row.ip for row in user.usersession_set.all()] == ["127.0.0.1"]


def test_sessions_kept_under_their_keys_end_with_the_migration(client):
    sign_in(client, make_user())

    with connection.cursor() as cursor:
        cursor.execute(import_module("thighsite.sign_in.migrations.0002_sessions_under_hashes").END_ALL)

    assert not is_signed_in(client)


def test_command_ends_sessions(client, capsys):
    user = make_user()
    sign_in(client, user)

    call_command("end_sessions", user.username)

    assert f"Sessions of {user.username} ended: 1." in capsys.readouterr().out
    assert not is_signed_in(client)
    with pytest.raises(CommandError, match="There is no account 'nobody'"):
        call_command("end_sessions", "nobody")


def test_command_takes_a_lost_second_factor_off(client, settings, coordinator):
    settings.SECOND_FACTOR_REQUIRED = True
    give_app(coordinator)
    sign_in(client, coordinator)

    call_command("reset_second_factor", coordinator.username)

    assert not is_signed_in(client)
    give_password(client, coordinator.username)
    assert client.get(reverse("home")).url == reverse("security")


def test_session_that_was_ended_meanwhile_saves_nothing_half(client, study, reader, at):
    """It answers 401, which the page waits out, and not an error that it would take for a refusal."""
    read = make_read(study=study, reader=reader)
    sign_in(client, reader)
    at(2 * MINUTE)
    Session.objects.all().delete()

    response = client.post(reverse("save-grade", args=[read.pk]), {}, headers={"accept": "application/json"})

    assert response.status_code == 401
