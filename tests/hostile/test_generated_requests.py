"""No request is answered by a failure, and none changes what is not its own.

10,000 requests to every view that takes POST, and to every other, with THIGHSITE_FULL=1; else a few hundred.
"""

import html
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.core.signals import got_request_exception
from django.db import connection, transaction
from django.test.client import FakePayload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.hostile.forms import FORMS, OF_ADMIN_PAGES, OF_SITE_ADMINS, Form
from tests.hostile.generated import Sent, requests
from tests.hostile.hostile_study import ROLES, Stage, set_stage
from tests.hostile.routes import Route, routes
from tests.made_once import made_once
from thighsite.postgres.roles import UNSEEN

FULL = bool(os.environ.get("THIGHSITE_FULL"))
REQUESTS = 10_000 if FULL else 600
ROUTES = {route.name: route for route in routes()}
ROUTE_NAMES = sorted(ROUTES)
# A view that was not refused by access or method: who may not see it gets 401, 403, 404 or is sent to sign in.
REFUSED = {401, 403, 404, 405}
# What belongs to no view: sessions, counted tries, and the trails, which are written beside what was changed.
BESIDE = ("django_session", "usersessions_usersession", "sign_in_throttle", "sign_in_signinevent", "django_admin_log")
BESIDE += ("grading_trail", "grading_seal", "grading_newestseal", "grading_studychange")
KEPT = {"grading_readcount": "grading_read"}  # by PostgreSQL itself, as what it counts changes
# What a look or an opening of a read notes.
LOOKING = frozenset({"grading_read", "analysis_look", "analysis_cachedresult", "analysis_dataversion"})

pytestmark = pytest.mark.django_db


stage = made_once(set_stage)


def form_of(name: str, stage: Stage) -> Form:
    if name.startswith(("admin:", "admin/")):
        fields = fields_shown(stage.clients["site admin"].get(stage.path(ROUTES[name])))
        sent = fields | {"post": "yes", "_save": "Save", "action": "delete_selected"}
        return Form(sent, OF_ADMIN_PAGES.get(name, OF_SITE_ADMINS))
    form = FORMS.get(name, Form())
    if "seen" not in form.fields:
        return form
    other = {name: value for name, value in form.fields.items() if name == "other"}
    shown = fields_shown(stage.clients["coordinator"].get(stage.path(ROUTES[name]), other))
    return replace(form, fields=form.fields | {name: shown[name] for name in shown if shown[name] or "-" in name})


def fields_shown(page) -> dict[str, str]:
    """The fields of a page, as it shows them itself."""
    found = r'<(?:input|select|textarea)\b[^>]*?\bname="([^"]+)"(?:[^>]*?\bvalue="([^"]*)")?'
    return {name: html.unescape(value) for name, value in re.findall(found, page.content.decode())}


def test_every_view_that_takes_post_is_known(stage):
    unknown = [
        name
        for name in ROUTE_NAMES
        if name not in FORMS and not name.startswith("admin") and takes_post(stage, ROUTES[name])
    ]

    assert unknown == []
    assert sorted(set(FORMS) - set(ROUTES)) == []


def takes_post(stage: Stage, route: Route) -> bool:
    return any(status not in REFUSED for status, _ in (ask_empty(stage, route, role) for role in ROLES))


def ask_empty(stage: Stage, route: Route, role: str) -> tuple[int, str]:
    with taken_back():
        response = stage.clients[role].post(stage.path(route), headers={"accept": "application/json"})
        return response.status_code, response.get("Location", "")


@pytest.mark.parametrize("method", ["POST", "GET"])
@pytest.mark.parametrize("name", ROUTE_NAMES)
def test_no_request_fails_or_changes_what_is_not_its_own(stage, name, method):
    form = form_of(name, stage)
    share = WEIGHTS[name, method] / sum(WEIGHTS.values())

    @settings(
        max_examples=max(1, round(REQUESTS * share)),
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(_roles(name)), requests(form))
    def ask(role: str, sent: Sent):
        check(stage, ROUTES[name], method, role, sent, form)

    ask()


def _roles(name: str) -> list[str]:
    """Everybody, and more often those whose view it is."""
    whose = {"studies": ["coordinator", "investigator"], "reads": ["reader"], "admin": ["site admin"]}
    return [*ROLES, *4 * whose.get(ROUTES[name].pattern.split("/")[0], [])]


def _weight(name: str, method: str) -> int:
    form = FORMS.get(name, Form())
    if method == "GET":
        return 1
    return 8 if form.csv else 6 if form.json or form.may_change else 2


WEIGHTS = {(name, method): _weight(name, method) for name in ROUTE_NAMES for method in ("POST", "GET")}


def check(stage: Stage, route: Route, method: str, role: str, sent: Sent, form: Form) -> None:
    with taken_back():
        before = fingerprint()
        response, failures = send(stage, route, method, role, sent)
        changed = {table for table, found in fingerprint().items() if found != before[table]}
        changed -= {table for table, counted in KEPT.items() if counted in changed}
        connection.check_constraints()  # those that would only speak at the end of the transaction
    assert failures == [], failures
    assert response.status_code < 500, response.content[:500]
    allowed = form.keeps_when_refused if response.status_code >= 400 else form.may_change
    if method == "GET" and response.status_code < 400:
        allowed = LOOKING | form.notes_when_shown
    assert changed <= allowed, (response.status_code, changed - allowed)


def send(stage: Stage, route: Route, method: str, role: str, sent: Sent):
    failures: list[BaseException] = []

    def note(sender, request, **_):
        failures.append(sys.exc_info()[1])

    # Beside test.Client.generic, which would not send a body of wrong length or bytes that are no text.
    asked = {
        "REQUEST_METHOD": method, "QUERY_STRING": sent.query.decode("latin-1"), "CONTENT_TYPE": sent.content_type,
        "CONTENT_LENGTH": str(len(sent.body)), "wsgi.input": FakePayload(sent.body), "PATH_INFO": stage.path(route),
    }  # fmt: skip
    client = stage.clients[role]
    cookies = client.cookies.copy()
    got_request_exception.connect(note)
    try:
        response = client.request(**asked | sent.headers | kept_cookie(client, sent))
        list(response) if response.streaming else response.content
    finally:
        got_request_exception.disconnect(note)
        client.cookies = cookies
    return response, failures


def kept_cookie(client, sent: Sent) -> dict[str, str]:
    """A cookie of the request's own, beside the session's: without it, everybody would be nobody."""
    if "HTTP_COOKIE" not in sent.headers:
        return {}
    own = "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())
    return {"HTTP_COOKIE": f"{own}; {sent.headers['HTTP_COOKIE']}"}


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever happens inside is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def fingerprint() -> dict[str, tuple[int, int]]:
    """Count and hash of every table that a request could have to answer for."""
    tables = [table for table in connection.introspection.table_names() if table not in {*BESIDE, *UNSEEN}]
    each = (
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)), 0) FROM {table} t" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return {table: (count, hashed) for table, count, hashed in cursor.fetchall()}
