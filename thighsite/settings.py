"""The one settings file. What differs between places comes from environment variables; .env.example lists them.

THIGHSITE_MODE is "production" unless somebody says otherwise, so that a forgotten variable is never an open door.
manage.py says "development": then a secret is made and kept in .data/, and PostgreSQL is embedded unless
DATABASE_URL is set.
"""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from thighsite.environment import boolean, kept_secret, required, words

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("THIGHSITE_DATA_DIR") or BASE_DIR / ".data")  # what a checkout keeps for itself

MODE = os.environ.get("THIGHSITE_MODE") or "production"
if MODE not in ("production", "development"):
    raise ImproperlyConfigured(f"THIGHSITE_MODE is {MODE!r}: it must be production or development.")
PRODUCTION = MODE == "production"

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "at least 50 random characters, the same for every process of the site")
    ALLOWED_HOSTS = words(required("ALLOWED_HOSTS", "the host names of the site, separated by commas"))
    SITE_URL = (os.environ.get("SITE_URL") or f"https://{ALLOWED_HOSTS[0]}").rstrip("/")
    DEBUG = False
else:
    SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")
    ALLOWED_HOSTS = words(os.environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]")
    SITE_URL = (os.environ.get("SITE_URL") or "http://localhost:8000").rstrip("/")
    DEBUG = boolean("DEBUG")

# Database: PostgreSQL everywhere ------------------------------------------------------------------------------------

EMBEDDED_POSTGRES_DIR = Path(os.environ.get("EMBEDDED_POSTGRES_DIR") or DATA_DIR / "postgres-18")
EMBEDDED_POSTGRES_DURABLE = boolean("EMBEDDED_POSTGRES_DURABLE", default=True)

if PRODUCTION or os.environ.get("DATABASE_URL"):
    DATABASES = {
        "default": dj_database_url.parse(
            required("DATABASE_URL", "postgres://user:password@host:5432/name"),
            conn_max_age=600,  # a new connection costs more than a request
            conn_health_checks=True,
        )
    }
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database: postgres://user:password@host/name.")
else:
    DATABASES = {
        "default": {
            "ENGINE": "thighsite.embedded_postgres",
            "NAME": "postgres",
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
        }
    }

# Application --------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "grading",
    "analysis",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "thighsite.middleware.content_security_policy",  # above WhiteNoise, so that static files carry it too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages; of random length, and CSRF tokens are masked, against BREACH
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "thighsite.theme.theme",
            ],
        },
    }
]

ROOT_URLCONF = "thighsite.urls"
WSGI_APPLICATION = "thighsite.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Static files: hashed names, cached for a year, served by the application itself ----------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # uploads are read, never kept
    "staticfiles": {"BACKEND": "thighsite.static.HashedStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for them
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Uploads: held in memory, so that a spreadsheet of participants never reaches a disk ------------------------------

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 2**20

# Accounts -----------------------------------------------------------------------------------------------------------

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

# Security -----------------------------------------------------------------------------------------------------------

# Nothing from elsewhere, nothing inline. The name is that of Django 6's own setting.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "connect-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and boolean("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = ["^health/$"]  # asked by the container itself, without TLS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
if boolean("BEHIND_TLS_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = words(os.environ.get("CSRF_TRUSTED_ORIGINS", ""))

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = False  # one language, one date format
USE_TZ = True
TIME_ZONE = os.environ.get("TIME_ZONE") or "UTC"
