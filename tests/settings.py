"""The site's settings for tests: a PostgreSQL cluster of their own, and nothing that only costs time.

Environment variables rather than settings where the command line and the served site, which tests start as
processes of their own, must find the same.
"""

import os
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
os.environ["THIGHSITE_MODE"] = "development"
os.environ.setdefault("EMBEDDED_POSTGRES_DIR", str(_ROOT / ".data" / "postgres-18-tests"))
os.environ.setdefault("EMBEDDED_POSTGRES_DURABLE", "false")  # a test's data need not outlive a power cut
for _name, _folder in (("STATIC_ROOT", "static-served"), ("SCANS_DIR", "scans-served")):
    if _WORKER or _name not in os.environ:  # one of several that test at a time has its own
        os.environ[_name] = str(_ROOT / ".data" / f"{_folder}{_WORKER}")

from tests.once import OF_CHECKOUT  # noqa: E402
from thighsite.settings import *  # noqa: E402, F403

JOB_MODULES = ["grading.uploads.jobs", "tests.thighsite.jobs.kinds"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["TEST"] = {"NAME": f"test_thighsite{OF_CHECKOUT}"}  # noqa: F405
