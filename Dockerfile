# Built in two stages, so that what runs holds neither pip's leftovers nor a compiler.
FROM python:3.13-slim AS build
WORKDIR /srv/thighsite
RUN python -m venv /srv/venv
ENV PATH=/srv/venv/bin:$PATH
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# Static files need settings, but neither a real secret nor a database.
RUN SECRET_KEY=only-to-collect-static-files ALLOWED_HOSTS=localhost DATABASE_URL=postgres://nobody@localhost/none \
    THIGHSITE_MODE=production STATIC_ROOT=/srv/static python manage.py collectstatic --noinput

FROM python:3.13-slim
RUN useradd --system --no-create-home thighsite && install -d -o thighsite -m 700 /srv/scans
COPY --from=build /srv/venv /srv/venv
COPY --from=build /srv/static /srv/static
COPY --from=build /srv/thighsite /srv/thighsite
WORKDIR /srv/thighsite
ENV PATH=/srv/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    THIGHSITE_MODE=production STATIC_ROOT=/srv/static SCANS_DIR=/srv/scans BIND=0.0.0.0:8000
USER thighsite
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-m", "thighsite.healthcheck"]
CMD ["gunicorn", "-c", "python:thighsite.gunicorn_settings"]
