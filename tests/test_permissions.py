"""docs/permissions.csv is true: every URL of the site, every method, every role.

The table has three rows for a URL: GET (and HEAD), POST (with nothing in it), and every other method. The whole of it
is asked with THIGHSITE_FULL=1, else what ``asked`` chooses, of each row by its first method.
"""

import csv
import logging
import os
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from grading.models import StudySite
from grading.roles import ROLE_BY_CODE
from tests.builders import (
    make_discrepancy,
    make_job,
    make_member,
    make_mri,
    make_participant,
    make_query,
    make_read,
    make_signed_off_read,
    make_stack,
    make_study,
    make_upload,
    make_upload_of_scans,
    make_user,
)
from tests.made_once import made_once
from tests.site_urls import SiteUrl, site_urls
from tests.thighsite.api.people import token_of
from thighsite.sign_in.models import ApiToken

TABLE = Path(settings.BASE_DIR, "docs", "permissions.csv")
METHODS = {"GET": ("GET", "HEAD"), "POST": ("POST",), "other": ("PUT", "PATCH", "DELETE", "OPTIONS")}
IS_FULL = bool(os.environ.get("THIGHSITE_FULL"))
ALL_METHODS = tuple(method for methods in METHODS.values() for method in methods)
if not IS_FULL:  # one for each row of the table
    METHODS = {row: methods[:1] for row, methods in METHODS.items()}
TURNS = ("GET", "POST")
NO_MEMBERS = ("anonymous", "anonymous asking for JSON", "stranger", "site admin")
OF_SITE = "coordinator of the participant's study site"
ROLES = (*NO_MEMBERS, *ROLE_BY_CODE, "reader of another read", OF_SITE)
OF_SIGNED_OFF = ("reopen", "report", "/data/reads/<uuid:pk>/ask/", "/data/reads/<uuid:pk>/dismiss/")
ADMIN = "/admin/*"  # one row of the table: nobody but site admins gets further than its sign-in page


def rows() -> list[dict[str, str]]:
    with TABLE.open(newline="") as file:
        return list(csv.DictReader(file))


def urls() -> dict[str, SiteUrl]:
    """By route, as the table writes it. Of the admin's, the first stands for all."""
    found = {}
    for url in site_urls():
        found.setdefault(ADMIN if url.route.startswith("/admin/") else url.route, url)
    return found


def test_table_has_every_url_and_no_other():
    assert {(row["route"], row["method"]) for row in rows()} == {
        (route, method) for route in urls() for method in METHODS
    }
    assert len(rows()) == len(urls()) * len(METHODS)


def test_table_has_a_column_for_every_role_and_no_other():
    assert set(rows()[0]) == {"route", "method", *ROLES}


def test_no_url_counts():
    """A number tells how many there are, and invites to try the next. The admin is Django's, and for site admins."""
    assert [route for route in urls() if "<int:" in route] == []


def asked(place: int, row: dict[str, str]) -> list[str]:
    """The roles that ask in the row at this place: all by GET and POST, which views are written for.

    By other methods, in the short profile, every third role, another third at the next URL; and of the roles to which
    the row gives one status, one at least.
    """
    if IS_FULL or row["method"] in TURNS:
        return [*ROLES]
    turn = place // len(METHODS)
    chosen = [role for number, role in enumerate(ROLES) if (turn + number) % len(METHODS) == 0]
    told = {row[role] for role in chosen}
    for role in ROLES:
        if row[role] not in told:
            chosen.append(role)
            told.add(row[role])
    return chosen


def test_each_role_asks_each_url_by_get_and_post_and_somebody_for_each_status_of_each_row():
    """However little the short profile asks: a role that goes wrong at a URL is met, by whichever of the two."""
    each = [(row, asked(place, row)) for place, row in enumerate(rows())]

    assert {(row["route"], row["method"], role) for row, roles in each for role in roles} >= {
        (url, method, role) for url in urls() for method in TURNS for role in ROLES
    }
    for row, roles in each:
        assert {row[role] for role in roles} == {row[role] for role in ROLES}
    assert {(row["method"], role) for row, roles in each for role in roles} == {
        (way, each) for way in METHODS for each in ROLES
    }


class Cast:
    """A study with a read of one of its readers, and somebody of every role."""

    def __init__(self):
        self.study = make_study()
        self.study.archive_link = "https://archive.example.org/{code}"
        self.study.save()
        self.users = {role: make_member(self.study, role).user for role in ROLE_BY_CODE}
        self.users |= {"stranger": make_user(), "reader of another read": make_member(self.study).user}
        self.users[OF_SITE] = make_member(self.study, "coordinator").user
        self.users["site admin"] = admin = make_user()
        admin.is_staff = admin.is_superuser = True
        admin.save()
        mri = make_mri(make_participant(self.study))
        self.read = make_read(mri=mri, reader=self.users["reader"])
        self.stack = make_stack(mri, by=self.users["coordinator"])
        self.signed_off = make_signed_off_read(study=self.study, reader=self.users["reader of another read"])
        self.case = make_discrepancy(self.study)
        make_stack(self.case.mri, by=self.users["coordinator"])
        self.query = make_query(self.signed_off)
        self.member = make_member(self.study)
        self.job = make_job(self.study, self.users["coordinator"])
        self.upload = make_upload(self.study, self.users["coordinator"])
        self.scans = make_upload_of_scans(self.study, self.users["coordinator"])
        token_of(self.study.members.get(user=self.users["coordinator"]))
        self.token = ApiToken.objects.get()
        site = StudySite.objects.create(study=self.study, code="HERE", name="Here")
        self.study.participants.update(site=site)
        self.study.members.filter(user=self.users[OF_SITE]).update(site=site)
        self.client = Client()  # one, since each looks through the static files anew
        self.sessions = {role: self._sign_in(user) for role, user in self.users.items()}

    def _sign_in(self, user) -> str:
        client = Client()
        client.force_login(user)
        return client.session.session_key

    def path(self, url: SiteUrl) -> str:
        pks = {
            "/jobs/": self.job,
            "/tokens/": self.token,
            "/imports/": self.upload,
            "/data/stacks/many/": self.scans,
            "/data/stacks/": self.stack,
            "/files/": self.upload,
            "/data/queries/": self.query,
            "/adjudication/cases/": self.case,
            "/adjudication/": self.study,
            "/open/": self.study,
            "/unlock/": self.study,
            "/participants/": self.read.mri.participant,
            "/mris/": self.read.mri,
            "/reading/": self.study,
            "/reads/": self.read,
            "/members/": self.member,
            "/data/": self.signed_off,
        }
        pk = next((thing.pk for part, thing in pks.items() if part in url.route), None)
        pk = self.signed_off.pk if any(part in url.route for part in OF_SIGNED_OFF) else pk
        values = {
            "slug": self.study.slug,
            "pk": str(pk),
            "name": "agreement-forest" if "/agreement/" in url.route else "boxplots",
            "form": "svg",
            "uidb64": "MQ",
            "credential": "AQ",
            "token": "x",
            "sequence": "STIR",
            "number": "0",
        }
        return next(url.paths({name: [value] for name, value in values.items()}))

    def status(self, role: str, method: str, path: str) -> int:
        """What is answered, and then undone."""
        self.client.cookies.clear()
        if role in self.sessions:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        accept = "application/json" if role.endswith("JSON") else "text/html"
        with transaction.atomic():
            response = self.client.generic(method, path, headers={"accept": accept})
            transaction.set_rollback(True)
        return response.status_code


cast = made_once(Cast)


@pytest.mark.django_db
@pytest.mark.parametrize("route", [route for route in urls() if route != ADMIN])
def test_every_role_gets_what_the_table_says(cast, route, caplog):
    caplog.set_level(logging.CRITICAL, "django.request")
    url = urls()[route]
    path, told, seen = cast.path(url), {}, {}

    for place, row in enumerate(rows()):
        for role in asked(place, row) if row["route"] == route else ():
            told[row["method"], role] = {int(row[role])}
            seen[row["method"], role] = {cast.status(role, method, path) for method in METHODS[row["method"]]}

    assert seen == told


@pytest.mark.django_db
def test_admin_is_for_site_admins(cast, caplog):
    """Every URL of it, whatever the method: the others are sent to sign in, or told that it is not theirs.

    One place asks who somebody is, before it asks by which method: so one role tries them all, and another each page
    by one of the two that browsers have; in the long search, every role by all.
    """
    caplog.set_level(logging.CRITICAL, "django.request")
    values = {"object_id": str(cast.study.pk), "id": "1", "content_type_id": "1", "app_label": "grading", "url": "x"}
    paths = partial(SiteUrl.paths, values={name: [value] for name, value in values.items()})
    pages = [path for url in site_urls() if url.route.startswith("/admin/") for path in paths(url)]

    seen = {
        (role, cast.status(role, method, path))
        for role in ROLES
        if role != "site admin"
        for number, path in enumerate(pages)
        for method in (ALL_METHODS if IS_FULL or role == "coordinator" else (TURNS[(number + ROLES.index(role)) % 2],))
    }

    assert {status for _, status in seen} <= {302, 403, 405}, seen
    assert cast.status("site admin", "GET", "/admin/") == 200
