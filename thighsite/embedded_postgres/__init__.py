"""A Django database backend that brings its own PostgreSQL 18, for demo, development and tests.

`DATABASES["default"] = {"ENGINE": "thighsite.embedded_postgres", "NAME": "postgres"}`. Two settings belong to it:
EMBEDDED_POSTGRES_DIR, where everything lies (the major version stands in the path, since an older cluster cannot be
opened by a newer server), and EMBEDDED_POSTGRES_DURABLE, False for data that need not survive a power cut.
"""
