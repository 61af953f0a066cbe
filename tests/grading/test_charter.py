"""The charter: written before anybody reads, kept in versions, and read by readers without groups and names."""

import pytest
from django.test import Client
from django.urls import reverse

from grading.models import Charter, Read, TrailRecord
from grading.services.participants.checks import seen_of
from grading.services.participants.deleting import delete_participant
from tests.builders import make_member, make_mri, make_participant, make_read

pytestmark = pytest.mark.django_db

TEXTS = {
    "reading": "Two readers read all.",
    "scale": "",
    "disagreement": "A third decides.",
    "analysis": "",
    "looks": "",
}


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_charter_is_written_in_versions_that_are_kept_until_a_read_is_opened(study, coordinator, investigator, reader):
    page, read = reverse("charter", args=[study.slug]), make_read(study=study, reader=reader)
    carl, iris, ann = map(signed_in, (coordinator, investigator, reader))

    first = carl.post(page, TEXTS | {"seen": "0"})
    same = carl.post(page, TEXTS | {"seen": "1"})
    late = iris.post(page, TEXTS | {"seen": "0", "looks": "One."})
    second = iris.post(page, TEXTS | {"seen": "1", "looks": "One, at half."})
    ann.get(reverse("read", args=[read.pk]))
    frozen = carl.post(page, TEXTS | {"seen": "2", "looks": "Many."})

    assert [answer.status_code for answer in (first, same, late, second, frozen)] == [302, 302, 422, 302, 422]
    assert f"{coordinator} saved version 1 meanwhile" in late.content.decode()
    assert "One.</textarea>" in late.content.decode()
    versions = [(each.number, each.written_by, each.looks) for each in Charter.objects.filter(study=study)]
    assert versions == [(1, coordinator, ""), (2, investigator, "One, at half.")]
    shown = carl.get(page).content.decode()
    assert "One, at half." in shown
    assert "Frozen since the first read was opened" in shown
    assert "Save as version" not in shown
    assert "One, at half." not in carl.get(page, {"version": "1"}).content.decode()
    assert [carl.get(page, {"version": wrong}).status_code for wrong in ("3", "x", "")] == [404, 404, 404]
    assert TrailRecord.objects.of_study(study).filter(table="grading_charter", actor=investigator).count() == 1


@pytest.mark.parametrize("is_calibration", [False, True])
def test_frozen_charter_stays_frozen_when_the_read_is_gone(study, coordinator, reader, is_calibration):
    participant = make_participant(study, is_calibration=is_calibration)
    read = make_read(mri=make_mri(participant), reader=reader)
    page, carl = reverse("charter", args=[study.slug]), signed_in(coordinator)
    signed_in(reader).get(reverse("read", args=[read.pk]))
    delete_participant(participant=participant, reason="by mistake", seen=seen_of([participant], with_reads=True))

    answer = carl.post(page, TEXTS | {"seen": "0"})

    assert not Read.objects.exists()
    assert answer.status_code == (302 if is_calibration else 422)
    assert ("before the first read was opened" in carl.get(page).content.decode()) != is_calibration


def test_version_keeps_what_the_site_knew(study, coordinator):
    page, carl = reverse("charter", args=[study.slug]), signed_in(coordinator)
    carl.post(page, TEXTS | {"seen": "0"})

    assert "Otherwise when this version was written" not in carl.get(page).content.decode()
    carl.post(reverse("study-settings", args=[study.slug]), {"wash_out_days": "3", "target_icc_overall": "0.75"})
    shown = carl.get(page).content.decode()

    assert "re-read: 3 days" in shown
    then = shown.partition("Otherwise when this version was written")[2]
    assert "re-read: 28 days" in then
    assert "Targets of agreement: none" in then  # what was set since is no part of what was written


def test_reader_reads_it_without_groups_and_names_and_no_participant_is_named(study, coordinator, reader):
    other = make_member(study).user
    make_mri(make_participant(study, code="P-017"), code="M1")
    page, carl = reverse("charter", args=[study.slug]), signed_in(coordinator)

    refused = carl.post(page, TEXTS | {"seen": "0", "analysis": "Without p017, of course."})
    carl.post(page, TEXTS | {"seen": "0"})
    shown = signed_in(reader).get(reverse("reading-charter", args=[study.pk])).content.decode()

    assert refused.status_code == 422
    assert "Readers would learn the code P-017" in refused.content.decode()
    assert "Two readers read all." in shown
    assert "re-read: 28 days" in shown
    assert [word for word in ("IMNM", "P-017", str(other), str(coordinator), study.slug) if word in shown] == []
    assert signed_in(coordinator).get(reverse("reading-charter", args=[study.pk])).status_code == 403
    assert not Read.objects.exists()
