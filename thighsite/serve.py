"""Serves the site, in the demo as in production: ``python -m thighsite.serve``, with options of gunicorn if need be.

gunicorn reads WEB_CONCURRENCY and FORWARDED_ALLOW_IPS while it is imported, before any configuration, and ends with a
traceback or words of its own where they are odd. So they are read here first.
"""

import os
import sys
from typing import NoReturn

from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import server_processes
from thighsite.listening import believed

GUNICORN = ["-m", "gunicorn", "-c", "python:thighsite.gunicorn_settings"]


def become_gunicorn(*options: str) -> NoReturn:
    """Give this process to gunicorn, so that Ctrl-C and signals reach the server itself."""
    os.environ |= {"WEB_CONCURRENCY": str(server_processes()), "FORWARDED_ALLOW_IPS": believed()}
    os.execv(sys.executable, [sys.executable, *GUNICORN, *options])  # nosec B606


if __name__ == "__main__":
    try:
        become_gunicorn(*sys.argv[1:])
    except ImproperlyConfigured as wrong:
        sys.exit(f"Error: {wrong}")
