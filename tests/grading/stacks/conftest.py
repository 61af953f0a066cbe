"""Scans stored in a folder, and in a bucket: what uses them must find no difference."""

from uuid import uuid4

import pytest

from tests.grading.stacks.scan_servers import (
    BUCKET,
    FOLDER,
    bucket_server,
    make_bucket,
    one_session_of_boto3,
    options_of,
)


@pytest.fixture(scope="session")
def bucket_url():
    """Start one server of buckets for all tests of a worker that ask for one. Its address."""
    with bucket_server() as url, one_session_of_boto3():
        yield url


@pytest.fixture
def bucket(bucket_url, settings):
    """Have scans stored in a bucket of the test's own. Its name."""
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
