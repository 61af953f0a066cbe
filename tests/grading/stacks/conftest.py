"""Scans stored in a folder, and in a bucket: what uses them must find no difference."""

from uuid import uuid4

import pytest

from tests.grading.stacks.scan_servers import (
    BUCKET,
    FOLDER,
    KEY,
    bucket_server,
    make_bucket,
    options_of,
)


@pytest.fixture(scope="session")
def bucket_url():
    """Start one server of buckets for all tests of a worker that ask for one. Its address."""
    with bucket_server() as url:
        yield url


@pytest.fixture(scope="session")
def boto3_session():
    """What each storage makes for itself elsewhere, reading the protocol's description anew for 0.2 seconds."""
    import boto3  # half a second, for the tests of buckets alone

    return boto3.Session(aws_access_key_id=KEY, aws_secret_access_key=KEY)


@pytest.fixture
def bucket(bucket_url, boto3_session, settings, monkeypatch):
    """Have scans stored in a bucket of the test's own, by storages that share a session until it ends. Its name."""
    from storages.backends.s3 import S3Storage  # as boto3

    monkeypatch.setattr(S3Storage, "_create_session", lambda storage: boto3_session)
    name = f"scans-{uuid4()}"
    make_bucket(bucket_url, name)
    _store_scans(settings, BUCKET, options_of(bucket_url, name))
    return name


@pytest.fixture
def folder(tmp_path, settings):
    """Have scans stored in a folder of the test's own. Its path."""
    modes = {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700}
    _store_scans(settings, FOLDER, {"location": tmp_path / "scans", **modes})
    return tmp_path / "scans"


@pytest.fixture(params=["folder", "bucket"])
def scan_storage(request):
    """Have scans stored in a folder, then in a bucket. Its path, or its name."""
    return request.getfixturevalue(request.param)


def _store_scans(settings, backend, options):
    settings.STORAGES = {**settings.STORAGES, "scans": {"BACKEND": backend, "OPTIONS": options}}
