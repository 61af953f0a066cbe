"""Metrics, for those whom settings name, and what the log says of slow statements."""

import logging
import urllib.request

import pytest
from django.urls import reverse

from tests.browser.servers import Server, new_database

TOKEN = {"Authorization": "Bearer a-token"}
SLUG = "a-slug-that-names-the-groups"


@pytest.mark.parametrize(
    ("given", "headers", "address", "status"),
    [
        ({}, TOKEN, "192.0.2.7", 404),
        ({"METRICS_TOKEN": "a-token"}, {}, "192.0.2.7", 404),
        ({"METRICS_TOKEN": "another"}, TOKEN, "192.0.2.7", 404),
        ({"METRICS_TOKEN": "a-token"}, TOKEN, "192.0.2.7", 200),
        ({"METRICS_ADDRESSES": ["192.0.2.0/24"]}, {}, "192.0.2.7", 200),
        ({"METRICS_ADDRESSES": ["192.0.2.0/24"]}, TOKEN, "198.51.100.7", 404),
    ],
)
def test_metrics_are_for_those_whom_settings_name(client, db, settings, given, headers, address, status):
    for name, value in given.items():
        setattr(settings, name, value)

    answer = client.get(reverse("metrics"), headers=headers, REMOTE_ADDR=address)

    assert answer.status_code == status
    if status == 200:
        assert 'thighsite_well{check="database"} 1.0' in answer.content.decode()
        assert 'thighsite_jobs{state="failed"} 0.0' in answer.content.decode()
        assert client.post(reverse("metrics"), headers=headers, REMOTE_ADDR=address).status_code == 405


def test_requests_are_counted_over_all_processes_by_view_and_no_address(static_files):
    site = Server(new_database("thighsite_metrics"))
    site.environment |= {"METRICS_TOKEN": "a-token"}
    site.start()
    try:
        for _ in range(20):
            urllib.request.urlopen(f"{site.url}/healthz").close()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{site.url}/no/{SLUG}/")
        refused.value.close()
        with urllib.request.urlopen(urllib.request.Request(f"{site.url}/metrics", headers=TOKEN)) as answer:
            told = answer.read().decode()
    finally:
        site.stop()

    assert 'thighsite_request_seconds_count{method="GET",status="200",view="alive"} 20.0' in told
    assert 'view="none"' in told
    assert SLUG not in told


def test_slow_statement_is_written_down_by_its_view_without_its_values(client, db, settings, caplog):
    settings.SLOW_STATEMENT_MS = 0
    caplog.set_level(logging.WARNING, "thighsite.slow")

    client.post(reverse("login"), {"username": "an-odd-name", "password": "guessed"})

    assert any("A statement of login took" in line and "auth_user" in line for line in caplog.messages)
    assert "an-odd-name" not in caplog.text
