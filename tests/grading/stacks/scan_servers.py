"""Where tests have scans stored: a folder, or a bucket of a server of the S3 protocol, in a process of its own."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.starting import await_answer, free_port

REGION, KEY = "eu-central-1", "testing"  # moto lets everybody in who has any
FOLDER = "thighsite.scan_folder.FolderOfScans"
BUCKET = "thighsite.scan_bucket.BucketOfScans"


@contextmanager
def bucket_server() -> Iterator[str]:
    """Start moto's server on a port of this machine, and end it. Its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, start_new_session=True)
        try:
            await_answer(f"http://127.0.0.1:{port}/moto-api/data.json", process, output)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def options_of(url: str, bucket: str, prefix: str = "") -> dict[str, Any]:
    """Name a bucket as thighsite.scan_settings does."""
    return {
        "bucket_name": bucket,
        "location": prefix,
        "endpoint_url": url,
        "region_name": REGION,
        "access_key": KEY,
        "secret_key": KEY,
    }


def variables_of(url: str, bucket: str, prefix: str = "") -> dict[str, str]:
    """Name a bucket as an operator does, in the environment."""
    names = ("", "_PREFIX", "_URL", "_REGION", "_KEY", "_SECRET")
    values = (bucket, prefix, url, REGION, KEY, KEY)
    return {f"SCANS_BUCKET{name}": value for name, value in zip(names, values, strict=True)}


def make_bucket(url: str, name: str) -> None:
    import boto3  # half a second, for the tests of buckets alone

    made_by = boto3.client("s3", endpoint_url=url, region_name=REGION, aws_access_key_id=KEY, aws_secret_access_key=KEY)
    try:
        made_by.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    finally:
        made_by.close()
