"""Scans in a bucket: set up from the environment, reached by no address, apart from another site's, at times away."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from botocore.exceptions import EndpointConnectionError
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import storages
from django.urls import reverse

from grading import services, slice_store
from grading.models import Stack
from grading.services.stacks import refuse_stack
from tests.builders import make_member, make_mri, make_participant, make_read, make_slices, make_stack
from tests.grading.stacks.scan_servers import BUCKET, options_of, variables_of
from tests.starting import free_port
from thighsite.scan_settings import scan_storage

ROOT = Path(__file__).resolve().parents[3]
STORE = """
from uuid import UUID
from grading.slice_store import read_slice, write_slices
write_slices(UUID("{0}"), [b"packed"])
print(read_slice(UUID("{0}"), 0))
"""


@pytest.fixture
def variables(monkeypatch):
    """Set the variables that name a bucket, and no others of these."""

    def set_to(**changes: str) -> None:
        for name, value in (variables_of("https://s3.example.org", "scans", "site-1") | changes).items():
            monkeypatch.setenv(name, value)

    return set_to


@pytest.mark.django_db(transaction=True)
def test_no_address_leads_to_a_slice(bucket, study):
    stack = make_stack(make_mri(make_participant(study)))

    with pytest.raises(ValueError, match="No address leads to"):
        storages["scans"].url(f"{stack.pk}/0000.gz")
    with pytest.raises(ValueError, match="No address leads to"):
        storages["scans"].url(f"{stack.pk}/0000.gz", expire=60)


@pytest.mark.django_db(transaction=True)
def test_reader_is_sent_a_slice_and_never_led_to_the_bucket(bucket, bucket_url, client, study):
    mri, slices = make_mri(make_participant(study)), make_slices(3)
    read = services.open_read(make_read(mri=mri, reader=make_member(study).user))
    make_stack(mri, slices=slices)
    client.force_login(read.reader)

    told = client.get(reverse("read-stacks", args=[read.pk]))
    sent = client.get(reverse("read-slice", args=[read.pk, "STIR", 1]), headers={"accept-encoding": "gzip"})

    assert (sent.status_code, sent.content) == (200, slices[1])
    for response in (told, sent):
        said = f"{response.headers} {response.content!r}"
        assert not [word for word in (bucket, bucket_url, "Signature", "X-Amz") if word in said]


def test_two_sites_in_one_bucket_find_their_own_slices_alone(bucket, bucket_url, settings):
    def at(prefix: str) -> None:
        scans = {"BACKEND": BUCKET, "OPTIONS": options_of(bucket_url, bucket, prefix)}
        settings.STORAGES = {**settings.STORAGES, "scans": scans}

    stack, others = uuid4(), uuid4()
    for prefix, key in (("site-1", stack), ("site-11", others)):
        at(prefix)
        slice_store.write_slices(key, make_slices())

    at("site-1")
    assert [key for key, _ in slice_store.stored_stacks()] == [stack]
    slice_store.delete_slices(stack)
    slice_store.delete_slices(others)

    at("site-11")
    assert [key for key, _ in slice_store.stored_stacks()] == [others]


@pytest.mark.django_db(transaction=True)
def test_while_the_bucket_is_away_nothing_is_stored_and_a_refusal_still_counts(bucket, settings, study):
    mri = make_mri(make_participant(study))
    stack = make_stack(mri)
    nobody = options_of(f"http://127.0.0.1:{free_port()}", bucket)
    settings.STORAGES = {**settings.STORAGES, "scans": {"BACKEND": BUCKET, "OPTIONS": nobody}}

    with pytest.raises(EndpointConnectionError):
        make_stack(mri, "T1W")
    refuse_stack(stack=stack, reason="a name in the corner", by=make_member(study, "coordinator").user)

    assert Stack.objects.get().is_refused


def test_environment_of_a_site_names_the_bucket(bucket, bucket_url):
    stack = uuid4()
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", STORE.format(stack)]
    environment = os.environ | variables_of(bucket_url, bucket) | {"DJANGO_SETTINGS_MODULE": "thighsite.settings"}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("b'packed'", "")
    assert slice_store.read_slice(stack, 0) == b"packed"


def test_what_the_environment_says_of_a_bucket_is_what_the_storage_is_given(variables):
    variables()
    assert scan_storage(Path()) == {
        "BACKEND": BUCKET,
        "OPTIONS": options_of("https://s3.example.org", "scans", "site-1"),
    }

    variables(SCANS_BUCKET_PREFIX="/a/b/", SCANS_BUCKET_URL="", SCANS_BUCKET_KEY="", SCANS_BUCKET_SECRET="")
    options = scan_storage(Path())["OPTIONS"]
    assert options["location"] == "a/b"
    assert {options["endpoint_url"], options["access_key"], options["secret_key"]} == {None}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SCANS_BUCKET_URL": "s3.example.org"}, "must begin with https:// or http://"),
        ({"SCANS_BUCKET_SECRET": ""}, "Set both SCANS_BUCKET_KEY and SCANS_BUCKET_SECRET, or neither"),
        ({"SCANS_BUCKET_KEY": ""}, "Set both SCANS_BUCKET_KEY and SCANS_BUCKET_SECRET, or neither"),
    ],
)
def test_half_a_bucket_is_an_error_that_says_what_to_set(variables, changes, message):
    variables(**changes)

    with pytest.raises(ImproperlyConfigured, match=message):
        scan_storage(Path())
