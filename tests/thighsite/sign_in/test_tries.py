"""The cache that counts tries: JSON in one table, for all processes together."""

import pickle

import pytest
from django.core.cache import cache, caches
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def untried():
    """No tries of tests before, which no flush of Django's takes away."""
    cache.clear()


@pytest.fixture
def later(monkeypatch):
    """``later(seconds)``: the clock goes on."""
    import time

    now = time.time()
    return lambda seconds: monkeypatch.setattr("time.time", lambda: now + seconds)


def test_no_cache_of_the_settings_and_nothing_of_sessions_unpickles(settings, monkeypatch):
    for name in ("loads", "load", "Unpickler", "dumps", "dump", "Pickler"):
        monkeypatch.delattr(pickle, name)

    for name in settings.CACHES:
        caches[name].set("tries", [1.5, 2.5])
        assert caches[name].get("tries") == [1.5, 2.5]
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert settings.MESSAGE_STORAGE == "django.contrib.messages.storage.session.SessionStorage"


def test_value_is_added_once_until_it_expires(later):
    added = [cache.add("lock", True, timeout=10) for _ in range(2)]
    later(11)
    added.append(cache.add("lock", True, timeout=10))

    assert added == [True, False, True]


def test_value_that_expired_is_none_and_goes_with_the_next(later):
    cache.set("short", 1, timeout=10)
    cache.set("kept", 2, timeout=None)
    later(11)

    assert (cache.get("short"), cache.get("short", 0), "short" in cache, cache.get("kept")) == (None, 0, False, 2)
    cache.set("next", 3)
    assert stored() == {":1:kept", ":1:next"}


def test_value_is_replaced_prolonged_and_deleted(later):
    cache.set("tries", [1.0], timeout=10)
    cache.set("tries", [2.0, 1.0], timeout=10)
    assert cache.get("tries") == [2.0, 1.0]
    assert (cache.touch("tries", timeout=100), cache.touch("none")) == (True, False)
    later(50)
    assert cache.get("tries") == [2.0, 1.0]
    assert (cache.delete("tries"), cache.delete("tries"), cache.get("tries")) == (True, False, None)

    cache.set("another", 1)
    cache.clear()
    assert stored() == set()


def test_what_json_cannot_hold_is_refused():
    with pytest.raises(TypeError, match="not JSON serializable"):
        cache.set("tries", {1, 2})


def test_what_is_no_json_counts_as_nothing():
    cache.set("tries", [1.0])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE sign_in_throttle SET value = 'gASVBQAAAAAAAABdlC4='")

    assert cache.get("tries", []) == []


def stored() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM sign_in_throttle")
        return {key for (key,) in cursor.fetchall()}
