"""The link beside a case to its scan in the archive: what it may hold, and who may follow it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.models import MRI, Study
from tests.builders import make_member, make_mri, make_participant, make_read

pytestmark = pytest.mark.django_db

LINK = "https://archive.example.org/viewer?study={id}&case={code}"


@pytest.fixture
def mri(study):
    return make_mri(make_participant(study, code="P-014"), code="M1")


@pytest.fixture
def read(mri, reader):
    return services.open_read(make_read(mri=mri, reader=reader))


@pytest.fixture
def linked(study, mri):
    """A study whose archive knows the MRI as q7k2x9."""
    Study.objects.filter(pk=study.pk).update(archive_link=LINK)
    MRI.objects.filter(pk=mri.pk).update(archive_id="q7k2x9")
    study.refresh_from_db()
    return study


@pytest.fixture
def set_link(client, study, coordinator):
    """Set the link as a coordinator does; the answer's status and text, and what is stored."""
    client.force_login(coordinator)

    def answered(link: str, **more):
        answer = client.post(reverse("archive-link", args=[study.slug]), {"archive_link": link} | more)
        study.refresh_from_db()
        return answer.status_code, answer.content.decode(), study.archive_link

    return answered


@pytest.fixture
def bring_ids(client, study, coordinator):
    client.force_login(coordinator)

    def brought(*rows: str):
        file = SimpleUploadedFile("ids.csv", "\n".join(["participant,mri,id", *rows]).encode())
        return client.post(reverse("import-archive-ids", args=[study.slug]), {"file": file}, follow=True)

    return brought


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("https://a.example/{participant}", "{participant} is nothing that the link may hold"),
        ("https://a.example/{code}/{name", "{name is nothing that the link may hold"),
        ("https://a.example/{code}}", "} is nothing that the link may hold"),
        ("https://a.example/viewer", "would open the same for every case"),
        ("http://a.example/{id}", "Without https"),
        ("http://8.8.8.8/{id}", "Without https"),
        ("https://{code}.example/{id}", "is the same for every case"),
        ("https://ann:secret@a.example/{id}", "is the same for every case"),
        ("https://a.example?study={id}", "has a /"),
        ("javascript:alert({id})//", "Give the whole address"),
        ("https://a.example;sandbox/{id}", "Give the whole address"),
        ("https://a.example:port/{id}", "no address of the web"),
        ("https://a.example/{id} {code}", "without blanks"),
        ("https://a.example/imnm/{id}", "Readers would learn of the group IMNM"),
        ("https://testserver/archive/{id}", "at this site’s own address"),
        ("https://testserver:443/archive/{id}", "at this site’s own address"),
    ],
)
def test_link_that_would_tell_or_lead_astray_is_refused_with_what_is_right(set_link, link, says):
    status, page, stored = set_link(link)

    assert (status, stored) == (422, "")
    assert says in page


def test_http_is_for_private_addresses_in_a_window_of_their_own(set_link):
    assert set_link("http://192.168.1.5:8042/{id}")[::2] == (302, "http://192.168.1.5:8042/{id}")
    assert "show no http address" in set_link("http://192.168.1.5/{id}", archive_in_frame="on")[1]
    assert set_link("http://localhost:3000/{id}", archive_in_frame="on")[0] == 302
    assert set_link("")[::2] == (302, "")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["P-014,M1,P-014"], "holds the participant’s code"),
        (["P-014,M1,scan_p014_2"], "holds the participant’s code"),
        (["P-014,M1,m1"], "is the MRI’s code"),
        (["P-014,M1,a-IMNM-7"], "Readers would learn of the group IMNM"),
        (["P-014,M1,"], "An id has 1 to 64"),
        (["P-014,M1,a/b"], "An id has 1 to 64"),
        (["P-014,M1,x9k2", "P-015,M1,x9k2"], "Another MRI has this id"),
        (["P-015,M1,q7k2x9"], "Another MRI has this id"),
        (["P-014,M1,x9k2", "P-014,M1,x9k3"], "stands in the mapping twice"),
        (["P-099,M1,x9k2"], "The study has no MRI M1 of participant P-099"),
    ],
)
def test_ids_that_tell_or_do_not_fit_are_refused_and_nothing_stored(bring_ids, linked, rows, says):
    make_mri(make_participant(linked, code="P-015"), code="M1")

    answer = bring_ids(*rows)

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert sorted(MRI.objects.values_list("archive_id", flat=True)) == ["", "q7k2x9"]


def test_ids_are_stored_and_exchanged(bring_ids, linked, mri):
    other = make_mri(make_participant(linked, code="7"), code="M1")
    bring_ids("7,M1,1.2.840.7.113619")  # a number as short stands in many UIDs

    answer = bring_ids("P-014,M1,1.2.840.7.113619", "7,M1,q7k2x9")

    assert "Ids of 2 MRIs stored, 2 of them in place of another." in answer.content.decode()
    assert "2 of 2 MRIs have one" in answer.content.decode()
    ids = dict(MRI.objects.values_list("pk", "archive_id"))
    assert ids == {mri.pk: "1.2.840.7.113619", other.pk: "q7k2x9"}


def test_reader_opens_their_own_case_in_a_frame_that_can_do_nothing_to_this_site(client, linked, read, reader):
    client.force_login(reader)
    assert reverse("read-archive", args=[read.pk]) in client.get(reverse("read", args=[read.pk])).content.decode()

    answer = client.get(reverse("read-archive", args=[read.pk]))

    page = answer.content.decode()
    assert f'data-address="https://archive.example.org/viewer?study=q7k2x9&amp;case={read.code}"' in page
    assert "allow-top-navigation" not in page
    assert "P-014" not in page
    assert "frame-src https://archive.example.org;" in answer.headers["Content-Security-Policy"] + ";"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_archive_that_takes_no_frame_has_a_window_of_its_own(client, linked, read, reader):
    Study.objects.update(archive_in_frame=False)
    client.force_login(reader)
    assert 'target="_blank" rel="noopener noreferrer">Scan' in client.get(f"/reads/{read.pk}/").content.decode()

    answer = client.get(reverse("read-archive", args=[read.pk]))

    assert answer.url == f"https://archive.example.org/viewer?study=q7k2x9&case={read.code}"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_link_of_others_of_later_cases_and_without_an_id_is_not_found(client, linked, study, mri, read, reader):
    soon = timezone.now() + timedelta(days=1)
    others = services.open_read(make_read(mri=mri, reader=make_member(study).user))
    later = make_read(mri=mri, reader=reader, occasion=2, available_at=soon)
    without = services.open_read(make_read(mri=make_mri(make_participant(study)), reader=reader))
    client.force_login(reader)

    def status(read):
        return client.get(reverse("read-archive", args=[read.pk])).status_code

    assert [status(each) for each in (others, later, without)] == [404] * 3
    assert "data-archive" not in client.get(f"/reads/{without.pk}/").content.decode()
    assert status(read) == 200
    Study.objects.filter(pk=study.pk).update(archive_link="")
    assert status(read) == 404


def test_coordinator_is_told_that_a_reread_opens_at_the_same_address(client, study, set_link):
    told = [
        "opens at the same address for a re-read" in client.get(reverse("scans", args=[study.slug])).content.decode()
        for link in (LINK, "https://archive.example.org/{code}")
        if set_link(link)
    ]

    assert told == [True, False]
