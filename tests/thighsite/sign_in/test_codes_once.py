"""A code of an app, a recovery code and a one-time link count once, whichever way, also for two at the same moment."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.test import Client
from django.urls import reverse

from grading.services.accounts import one_time_link
from tests.builders import PASSWORD, make_user
from tests.thighsite.sign_in.people import code_at, give_app, give_app_alone, give_password, sign_in

HALF_MINUTE = 30
NEW = "another-good-password"


@pytest.fixture
def at(monkeypatch):
    """``at(seconds)``: let it be so much after the beginning of a half minute; returns the time."""
    started = time.time() // HALF_MINUTE * HALF_MINUTE

    def at(seconds: float) -> float:
        monkeypatch.setattr("time.time", lambda: started + seconds)
        return started + seconds

    at(0)
    return at


@pytest.fixture
def user(db):
    user = make_user("ann")
    give_app(user)
    return user


# Every way to show a code. Each takes a user and a code, and says whether it was accepted.


def at_sign_in(user, code) -> bool:
    browser = Client()
    browser.post(give_password(browser, user.username).url, {"code": code})
    return browser.get(reverse("security")).status_code == 200


def in_place(user, code) -> bool:
    given = {"username": user.username, "password": PASSWORD, "code": code}
    return Client().post(reverse("renew-session"), given).status_code == 200


def once_more(user, code) -> bool:
    browser = Client()
    browser.force_login(user)
    return browser.post(reverse("mfa_reauthenticate"), {"code": code}).status_code == 302


WAYS = [at_sign_in, in_place, once_more]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("first", WAYS)
def test_code_is_refused_for_as_long_as_it_would_be_right(user, at, first, way):
    """A phone may be half a minute ahead: its code is right for a minute and a half."""
    code = code_at(at(0) + HALF_MINUTE)
    assert first(user, code)

    accepted = []
    for seconds in (1, 33, 65, 89):
        at(seconds)
        cache.clear()  # which goes by another clock, and remembers for half a minute
        accepted.append(way(user, code))

    assert accepted == [False] * 4


def test_code_of_before_the_last_used_one_is_refused_and_the_next_one_counts(user, at):
    assert at_sign_in(user, code_at(at(0)))

    assert not in_place(user, code_at(at(1) - HALF_MINUTE))
    assert in_place(user, code_at(at(2) + HALF_MINUTE))
    assert not in_place(user, code_at(at(HALF_MINUTE + 1) - HALF_MINUTE))


def test_codes_written_otherwise_are_the_same(user, at):
    code = code_at(at(0))
    assert in_place(user, code)

    assert not in_place(user, f"{code[:3]} {code[3:]}")
    assert not in_place(user, f"{code[:3]}-{code[3:]}")


def test_used_code_says_to_wait_for_the_next_and_is_counted_as_a_failure(client, user, at):
    code = code_at(at(0))
    at_sign_in(user, code)
    page = give_password(client, user.username).url

    answers = [client.post(page, {"code": code}).content.decode() for _ in range(11)]

    assert "Each counts once: look again, or wait for the next." in answers[0]
    assert "Too many attempts" in answers[-1]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("db")
def test_code_that_set_up_an_app_is_used_up(client, at, way):
    user = make_user("bob")
    sign_in(client, user)
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    code = code_at(at(0) + HALF_MINUTE, secret)

    client.post(reverse("mfa_activate_totp"), {"code": code})

    assert user.authenticator_set.filter(type="totp").exists()
    assert not way(user, code)
    assert way(user, code_at(at(HALF_MINUTE) + HALF_MINUTE, secret))


@pytest.mark.parametrize("way", WAYS)
def test_recovery_code_counts_once(user, way):
    code, *_ = user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()

    assert [way(user, code), way(user, code)] == [True, False]


def test_one_time_link_counts_once(client, user):
    link = path_of_link(user)
    client.post(client.get(link).url, {"new_password1": NEW, "new_password2": NEW})

    again = Client().get(link)

    assert "has been used already" in again.content.decode()
    assert f'<a href="{reverse("login")}">Sign in</a>' in again.content.decode()


# At the same moment


def both(act) -> list:
    """Do something twice at once, in threads with connections of their own."""

    def alone(_):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(alone, range(2)))


WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def waiting_for_a_lock() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction would see what it saw before
        cursor.execute(WAITING)
        return cursor.fetchone()[0]


def both_held_up(act, held) -> list:
    """Do something twice at once, both held up by the rows ``held`` until both are there."""
    answers = []
    with transaction.atomic():
        list(held.select_for_update())
        doing = threading.Thread(target=lambda: answers.extend(both(act)))
        doing.start()
        while waiting_for_a_lock() < 2 and doing.is_alive():
            time.sleep(0.01)  # between two looks at the condition awaited here
    doing.join()
    return answers


@pytest.mark.django_db(transaction=True)
def test_of_two_who_show_a_code_at_the_same_moment_one_gets_in():
    user = make_user("ann")
    give_app_alone(user)
    code = code_at(time.time() + HALF_MINUTE)

    answers = both_held_up(lambda: in_place(user, code), user.authenticator_set.all())

    assert sorted(answers) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_show_a_recovery_code_at_the_same_moment_one_gets_in():
    user = make_user("ann")
    give_app(user)
    code, *_ = user.authenticator_set.get(type="recovery_codes").wrap().get_unused_codes()

    answers = both_held_up(lambda: in_place(user, code), user.authenticator_set.filter(type="recovery_codes"))

    assert sorted(answers) == [False, True]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_follow_a_link_at_the_same_moment_one_chooses_the_password():
    user = make_user("ann")
    link = path_of_link(user)
    browsers = [Client(), Client()]
    pages = [(browser, browser.get(link).url) for browser in browsers]

    def choose():
        browser, page = pages.pop()
        return browser.post(page, {"new_password1": NEW, "new_password2": NEW}).status_code

    answers = both_held_up(choose, get_user_model().objects.filter(pk=user.pk))

    assert sorted(answers) == [200, 302]


@pytest.mark.django_db(transaction=True)
def test_second_press_while_an_app_is_set_up_is_no_error(client):
    user = make_user("ann")
    sign_in(client, user)
    client.get(reverse("mfa_activate_totp"))
    code = code_at(time.time(), client.session["mfa.totp.secret"])

    def press():
        browser = Client()
        browser.cookies["sessionid"] = client.cookies["sessionid"].value
        return browser.post(reverse("mfa_activate_totp"), {"code": code}).status_code

    answers = both_held_up(press, get_user_model().objects.filter(pk=user.pk))

    assert answers == [302, 302]
    assert user.authenticator_set.filter(type="totp").count() == 1


def path_of_link(user) -> str:
    link = one_time_link(user)
    return link[link.index("/accounts/") :]
