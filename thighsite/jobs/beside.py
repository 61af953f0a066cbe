"""A worker beside the web server, for the demo and for a site on one machine."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_keepers: list[subprocess.Popen] = []


def start_worker() -> None:
    """Start the keeper of a worker, unless settings say that workers run elsewhere. For gunicorn's master."""
    from django.conf import settings

    if not settings.JOBS_BESIDE_SITE:
        return
    # manage.py takes development for granted, gunicorn production.
    environment = os.environ | {"THIGHSITE_MODE": settings.MODE}
    command = [sys.executable, "-m", "thighsite.jobs.keeper"]
    _keepers.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE))


def end_worker() -> None:
    """End the worker and its keeper; what it was at goes to another worker, later."""
    while _keepers:
        keeper = _keepers.pop()
        keeper.terminate()
        keeper.wait()
