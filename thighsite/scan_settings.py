"""Where scans are stored, as Django's setting of a storage: a folder, or a bucket where the environment names one."""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import secret

KEYS = "Set both SCANS_BUCKET_KEY and SCANS_BUCKET_SECRET, or neither: then what the machine is allowed counts."
URL = "The environment variable SCANS_BUCKET_URL is {!r}: it must begin with https:// or http://."


def scan_storage(folder: Path) -> dict[str, Any]:
    """Make the entry of STORAGES for scans. ``folder`` counts where the environment names neither folder nor bucket.

    Nothing of boto3 is imported before a storage is made of the entry.

    Raises:
        ImproperlyConfigured: half a pair of keys, or an address of no web server.
    """
    if bucket := os.environ.get("SCANS_BUCKET"):
        return {"BACKEND": "thighsite.scan_bucket.BucketOfScans", "OPTIONS": _bucket_options(bucket)}
    return {
        "BACKEND": "thighsite.scan_folder.FolderOfScans",
        "OPTIONS": {
            "location": os.environ.get("SCANS_DIR") or folder,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    }


def _bucket_options(bucket: str) -> dict[str, Any]:
    url = os.environ.get("SCANS_BUCKET_URL") or None
    if url and not url.startswith(("https://", "http://")):
        raise ImproperlyConfigured(URL.format(url))
    key, of_key = os.environ.get("SCANS_BUCKET_KEY") or None, secret("SCANS_BUCKET_SECRET") or None
    if bool(key) != bool(of_key):
        raise ImproperlyConfigured(KEYS)
    return {
        "bucket_name": bucket,
        "location": os.environ.get("SCANS_BUCKET_PREFIX", "").strip("/"),
        "endpoint_url": url,
        "region_name": os.environ.get("SCANS_BUCKET_REGION") or None,
        "access_key": key,
        "secret_key": of_key,
    }
