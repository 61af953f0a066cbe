"""A bucket of the S3 protocol as the storage for scans. Imported only where a site uses one: boto3 takes its time."""

from typing import Any, Never

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

CONNECT_SECONDS, READ_SECONDS, TRIES = 5, 20, 3  # else a request would wait minutes for a server that is away
NOT_THERE = ("404", "NoSuchKey")


class BucketOfScans(S3Storage):
    """Keeps slices where no address leads: neither a public one, nor one that a signature opens for a while."""

    def __init__(self, **options: Any) -> None:
        """Take the options of django-storages, of which only what says where the bucket is should be given."""
        fixed = {
            "querystring_auth": False,
            "custom_domain": None,
            "default_acl": None,  # the bucket's own, which the operator keeps private
            "file_overwrite": False,  # slices are added and deleted, never changed
            "object_parameters": {"ContentType": "application/octet-stream"},
            "transfer_config": TransferConfig(use_threads=False),  # a slice is small
            "client_config": Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"total_max_attempts": TRIES, "mode": "standard"},
                s3={"addressing_style": "path" if options.get("endpoint_url") else "auto"},
                signature_version="s3v4",
            ),
        }
        super().__init__(**{**options, **fixed})

    def url(self, name: str | None, *options: Any, **named: Any) -> Never:
        """Refuse: a view judges who sees a slice. ValueError."""
        raise ValueError(f"No address leads to {name}, for it is part of a scan.")

    def trouble(self) -> str:
        """Say what is wrong with the bucket; nothing where nothing is. Raises what boto3 does while it is away."""
        try:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except ClientError:
            return "The bucket for scans is not there, or not open to the site."
        return ""

    def _open(self, name: str, mode: str = "rb") -> ContentFile:
        """Fetch a file whole, in one request where django-storages makes three. FileNotFoundError."""
        key = self._normalize_name(clean_name(name))
        try:
            fetched = self.connection.Object(self.bucket_name, key).get()
        except ClientError as error:
            if error.response["Error"]["Code"] in NOT_THERE:
                raise FileNotFoundError(f"{name} is not in the bucket.") from None
            raise
        with fetched["Body"] as body:
            return ContentFile(body.read(), name)
