"""How gunicorn serves the site, in the demo as in production: thighsite.serve starts it.

Threads, because a request waits for PostgreSQL more than it computes; two processes, so that one long comparison
leaves the other to the graders.
"""

import gc
import os
import shutil
import sys
import tempfile

from thighsite.environment import server_processes
from thighsite.garbage import look_for_none
from thighsite.jobs.beside import end_worker, start_worker
from thighsite.listening import believed, listened_on
from thighsite.log.configuration import configuration
from thighsite.log.uncaught import note_uncaught

look_for_none()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thighsite.settings")

wsgi_app = "thighsite.wsgi"
bind = listened_on()
preload_app = True  # imported once, before the workers are forked; a new version needs a restart, not a SIGHUP
worker_class = "gthread"
workers = server_processes()
threads = 8
timeout = 120
control_socket_disable = True  # nothing talks to gunicorn but signals
# As the site writes: lines of JSON in production. In development, what gunicorn writes by itself.
is_production = (os.environ.get("THIGHSITE_MODE") or "production") == "production"
if any(map(os.environ.get, ("METRICS_TOKEN", "METRICS_TOKEN_FILE", "METRICS_ADDRESSES"))):
    # Where the processes count together; to be named before anything of it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp(prefix="thighsite-metrics-")
sys.excepthook = note_uncaught  # of the master, where settings cannot be read
logconfig_dict = configuration(production=True) if is_production else {}
forwarded_allow_ips = believed()


def on_starting(arbiter) -> None:
    """Keep an embedded PostgreSQL for as long as the site runs, whichever of the workers come and go."""
    from django.conf import settings

    from thighsite.doubtful import doubts
    from thighsite.misspelt import misspelt

    for words in (*misspelt(os.environ), *doubts()):
        arbiter.log.warning(words)
    if settings.DATABASES["default"]["ENGINE"] == "thighsite.embedded_postgres":
        from thighsite.embedded_postgres.base import ensure_running

        ensure_running()


def when_ready(arbiter) -> None:
    """Start a worker for jobs once the site listens, so that nobody waits for it."""
    start_worker()
    # What is imported by now stays. Looked at for garbage, it would be copied into each process that shares it.
    gc.collect()
    gc.freeze()


def on_exit(arbiter) -> None:
    """End the worker before the site does."""
    end_worker()
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shutil.rmtree(folder, ignore_errors=True)
