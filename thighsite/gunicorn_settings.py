"""How gunicorn serves the site, in the demo as in production: ``gunicorn -c python:thighsite.gunicorn_settings``.

Threads, because a request waits for PostgreSQL more than it computes; two processes, so that one long comparison
leaves the other to the graders.
"""

import os

wsgi_app = "thighsite.wsgi"
bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 120
control_socket_disable = True  # nothing talks to gunicorn but signals
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")
