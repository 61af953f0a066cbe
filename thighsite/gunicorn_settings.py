"""How gunicorn serves the site, in the demo as in production: ``gunicorn -c python:thighsite.gunicorn_settings``.

Threads, because a request waits for PostgreSQL more than it computes; two processes, so that one long comparison
leaves the other to the graders.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thighsite.settings")

wsgi_app = "thighsite.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 120
control_socket_disable = True  # nothing talks to gunicorn but signals
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def on_starting(arbiter) -> None:
    """Keep an embedded PostgreSQL for as long as the site runs, whichever of the workers come and go."""
    from django.conf import settings

    if settings.DATABASES["default"]["ENGINE"] == "thighsite.embedded_postgres":
        from thighsite.embedded_postgres.base import ensure_running

        ensure_running()
