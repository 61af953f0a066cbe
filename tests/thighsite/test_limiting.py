"""Sessions that are limited to a study site: only where PostgreSQL holds them to it, and where the site says so."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.test import Client
from django.urls import reverse

from grading.models import Participant, StudySite
from grading.services.members import change_site
from tests.builders import make_member, make_participant, make_study
from thighsite.limiting import LimitNotHeld, limiting_to

pytestmark = pytest.mark.django_db(transaction=True)


def test_role_that_postgresql_limits_in_nothing_shows_a_limited_coordinator_nothing_and_is_told_of():
    """Such as the owner of the tables, where DATABASE_URL stands alone."""
    study = make_study()
    site = StudySite.objects.create(study=study, code="HERE", name="Here")
    make_participant(study, code="P1")
    limited, client = make_member(study, "coordinator"), Client()
    address = reverse("participants", args=[study.slug])
    client.force_login(limited.user)

    with connection.as_owner():
        whole = (client.get(address).status_code, client.get(reverse("ready")).json()["checks"]["limits"])
        change_site(member=limited, site=site, by=None)
        answers = [client.get(address) for _ in range(2)]
        ready = client.get(reverse("ready"))
        with pytest.raises(SystemCheckError, match=r"thighsite\.E002"):
            call_command("check", databases=["default"])
        for _ in range(2):
            with pytest.raises(LimitNotHeld, match="OWNER_DATABASE_URL"), limiting_to(uuid4()):
                pass

    assert whole == (200, "ok")
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "keep you to your study site" in answers[1].content.decode()
    assert "no coordinator of one study site is let in" in ready.json()["checks"]["limits"]
    assert ready.status_code == 200
    assert client.get(address).status_code == 200


def test_session_begins_without_a_limit_whatever_its_role_is_set_to():
    """Else nobody would see what is not shown, `verify` neither."""
    make_participant(make_study())
    role = connection.ops.quote_name(connection.application["USER"])

    def change(what: str) -> None:
        with connection.as_owner(), connection.cursor() as cursor:  # at its end the site has a new session
            cursor.execute(f"ALTER ROLE {role} {what}")

    change(f"SET thighsite.limited_to = '{uuid4()}'")
    try:
        assert Participant.objects.count() == 1
    finally:
        change("RESET thighsite.limited_to")
