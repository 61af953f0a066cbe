"""The one settings file. What differs between places comes from environment variables; .env.example lists them.

THIGHSITE_MODE is "production" unless somebody says otherwise, so that a forgotten variable is never an open door.
manage.py says "development": then a secret is made and kept in .data/, and PostgreSQL is embedded unless
DATABASE_URL is set.
"""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from grading import limits
from thighsite.database_urls import database
from thighsite.environment import (
    address,
    address_of_site,
    addresses,
    boolean,
    hosts,
    kept_secret,
    mail_addresses,
    networks,
    program_name,
    required,
    secret,
    sender,
    server_processes,
    whole,
    words,
)
from thighsite.listening import believed, listened_on, port_of
from thighsite.log.configuration import configuration
from thighsite.scan_settings import scan_storage

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("THIGHSITE_DATA_DIR") or BASE_DIR / ".data")  # what a checkout keeps for itself

MODE = os.environ.get("THIGHSITE_MODE") or "production"
if MODE not in ("production", "development"):
    raise ImproperlyConfigured(f"THIGHSITE_MODE is {MODE!r}: it must be production or development.")
PRODUCTION = MODE == "production"
BIND = listened_on()

if PRODUCTION:
    SECRET_KEY = required("SECRET_KEY", "50 or more random characters, the same for every process of the site")
    ALLOWED_HOSTS = hosts("ALLOWED_HOSTS", required("ALLOWED_HOSTS", "the host names of the site, separated by commas"))
    SITE_URL = address_of_site(ALLOWED_HOSTS[0])
    DEBUG = False
else:
    SECRET_KEY = secret("SECRET_KEY") or kept_secret(DATA_DIR / "secret_key")
    ALLOWED_HOSTS = hosts("ALLOWED_HOSTS", os.environ.get("ALLOWED_HOSTS") or "localhost,127.0.0.1,[::1]")
    SITE_URL = (os.environ.get("SITE_URL") or f"http://localhost:{port_of(BIND[0])}").rstrip("/")
    DEBUG = boolean("DEBUG")
SITE_URL_IS_SET = bool(os.environ.get("SITE_URL"))  # else pages take the address that they are asked under
SECRET_KEY_FALLBACKS = words(secret("SECRET_KEY_FALLBACKS"))

# Database: PostgreSQL everywhere ------------------------------------------------------------------------------------

EMBEDDED_POSTGRES_DIR = Path(os.environ.get("EMBEDDED_POSTGRES_DIR") or DATA_DIR / "postgres-18")
EMBEDDED_POSTGRES_DURABLE = boolean("EMBEDDED_POSTGRES_DURABLE", default=True)

if PRODUCTION or secret("DATABASE_URL"):
    DATABASES = {
        "default": database(
            required("DATABASE_URL", "postgres://user:password@host:5432/name"), secret("OWNER_DATABASE_URL")
        )
    }
else:
    DATABASES = {"default": {"ENGINE": "thighsite.embedded_postgres", "NAME": "postgres"}}
if replica_url := secret("REPLICA_DATABASE_URL"):  # where long reading goes: thighsite.postgres.replica
    DATABASES["replica"] = database(replica_url, None, named="REPLICA_DATABASE_URL")
for each in DATABASES.values():
    each |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}  # a new connection costs more than a request
    each.setdefault("OPTIONS", {}).setdefault("application_name", program_name(sys.argv))

# Application --------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "thighsite.sign_in.apps.SessionListConfig",  # allauth.usersessions
    "thighsite.sign_in",
    "thighsite.jobs",
    "thighsite.backup",
    "grading",
    "analysis",
]

MIDDLEWARE = [
    "thighsite.log.requests.identify",  # above all others, so that every answer has its id and its line
    "thighsite.middleware.no_body_for_head",
    "thighsite.health.near.under_any_name",
    "thighsite.accepting.name_accepted",  # above all that compress
    "thighsite.middleware.security_headers",  # above WhiteNoise, and Django's own: static files carry some of it
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages; of random length, and CSRF tokens are masked, against BREACH
    "thighsite.brotli_pages.brotli_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "thighsite.acting.note_actor",
    "thighsite.limiting.forget_limit",
    "django.contrib.messages.middleware.MessageMiddleware",
    "thighsite.refusals.handlers.wrong_methods_in_words",
    "thighsite.refusals.handlers.entered_kept_over_sign_in",
    "allauth.account.middleware.AccountMiddleware",
    "thighsite.sign_in.idle.idle_timeout",
    "thighsite.sign_in.second_factor.SecondFactorMiddleware",
    "thighsite.refusals.unstorable.RefuseUnstorable",
    "thighsite.refusals.other_key.RefuseForOtherKey",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

FORM_RENDERER = "thighsite.uncut.UncutFields"

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
                "thighsite.again.again",
                "thighsite.sign_in.idle.session_life",
            ],
        },
    }
]

ROOT_URLCONF = "thighsite.urls"
WSGI_APPLICATION = "thighsite.wsgi.application"
WEB_CONCURRENCY, FORWARDED_ALLOW_IPS = server_processes(), believed()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Static files: hashed names, cached for a year, served by the application itself ----------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT") or DATA_DIR / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # uploads are read, never kept
    "scans": scan_storage(DATA_DIR / "scans"),  # slices of stacks, which a view alone gives out
    "staticfiles": {"BACKEND": "thighsite.static.HashedStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False  # no other site has a use for them
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Uploads: held in memory, so that a spreadsheet of participants never reaches a disk ------------------------------

FILE_UPLOAD_HANDLERS = [
    "thighsite.spooled_uploads.SpooledUploadHandler",  # scans: into a file without a name
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
]
FILE_UPLOAD_MAX_MEMORY_SIZE = limits.MAX_UPLOAD_BYTES
DATA_UPLOAD_MAX_MEMORY_SIZE = limits.MAX_FORM_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = limits.MAX_FORM_FIELDS
DATA_UPLOAD_MAX_NUMBER_FILES = limits.MAX_SCAN_FILES + 1  # so that one too many is refused in a scan's own words
FORM_FILES = limits.MAX_FORM_FILES  # of any form but one for scans

# Accounts -----------------------------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["thighsite.sign_in.backends.AccountBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts made before; hashed anew when they sign in
]
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

# Signing in ---------------------------------------------------------------------------------------------------------

ACCOUNT_ADAPTER = "thighsite.sign_in.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "thighsite.sign_in.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # sign-up is closed; this says that e-mail is not needed
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # SESSION_IDLE_MINUTES decides, not a box to tick
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",  # a hospital may show one address for all its people
    "login_failed": "60/5m/ip,10/15m/key",  # the key is name and address together
}
MFA_ADAPTER = "thighsite.sign_in.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "thighsite.sign_in.forms.CodeForm",
    "reauthenticate": "thighsite.sign_in.forms.CodeAgainForm",
    "activate_totp": "thighsite.sign_in.forms.AppForm",
    "login_webauthn": "thighsite.sign_in.forms.PasskeyLoginForm",
    "authenticate_webauthn": "thighsite.sign_in.forms.PasskeyForm",
    "reauthenticate_webauthn": "thighsite.sign_in.forms.PasskeyAgainForm",
    "add_webauthn": "thighsite.sign_in.forms.NewPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
MFA_TOTP_ISSUER = "thighsite"
MFA_TOTP_TOLERANCE = 1  # clocks of phones: the code before and the code after count, too
# Coordinators, investigators and site admins; others may.
SECOND_FACTOR_REQUIRED = boolean("SECOND_FACTOR_REQUIRED", default=PRODUCTION)

SESSION_IDLE_MINUTES = whole("SESSION_IDLE_MINUTES", default=30, smallest=3)
SESSION_MAX_HOURS = whole("SESSION_MAX_HOURS", default=12, smallest=1, largest=10**6)
SESSION_ENGINE = "thighsite.sign_in.session_store"
SESSION_COOKIE_AGE = SESSION_MAX_HOURS * 3600  # thighsite.sign_in.idle ends it earlier
# In a cookie, a message that was not shown yet would greet the next user of the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# What counts tries of signing in, for all processes together; the table comes with a migration.
CACHES = {
    "default": {
        "BACKEND": "thighsite.sign_in.tries.Tries",
        "LOCATION": "sign_in_throttle",
    }
}

# A hospital's own sign-in, where these are set.
OIDC_ISSUER = address("OIDC_ISSUER")
OF_ISSUER = "OIDC_ISSUER is set"
if OIDC_ISSUER:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    OIDC_NAME = os.environ.get("OIDC_NAME") or "your institution's account"
    OIDC_USERNAME_CLAIM = os.environ.get("OIDC_USERNAME_CLAIM", "")
    SOCIALACCOUNT_ADAPTER = "thighsite.sign_in.openid_connect.OpenIDConnectAdapter"
    SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that ends at another site would break the policy's form-action
    SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "institution",
                    "name": OIDC_NAME,
                    "client_id": required(
                        "OIDC_CLIENT_ID", "the name under which the issuer knows this site", because=OF_ISSUER
                    ),
                    "secret": required("OIDC_CLIENT_SECRET", "what goes with OIDC_CLIENT_ID", because=OF_ISSUER),
                    "settings": {"server_url": OIDC_ISSUER},
                }
            ],
        }
    }

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
SECURE_CROSS_ORIGIN_OPENER_POLICY = None  # thighsite.middleware sends it, with pages alone
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
if PRODUCTION:  # the browser keeps such a cookie to this one host, over TLS
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_SSL_REDIRECT = PRODUCTION and boolean("SECURE_SSL_REDIRECT", default=True)
ASKED_FROM_NEAR = ["health/", "healthz", "readyz", "metrics"]  # without TLS, and by a machine's address
SECURE_REDIRECT_EXEMPT = [f"^{path}$" for path in ASKED_FROM_NEAR]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
BEHIND_PROXY = boolean("BEHIND_TLS_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = whole("TRUSTED_PROXIES", default=1, smallest=0)  # in X-Forwarded-For
CSRF_FAILURE_VIEW = "thighsite.refusals.handlers.csrf_failure"
CSRF_TRUSTED_ORIGINS = addresses("CSRF_TRUSTED_ORIGINS")

# What is written down, on standard error: thighsite/log/__init__.py --------------------------------------------------

# Of the database, from which on it is noted.
SLOW_STATEMENT_MS = whole("SLOW_STATEMENT_MS", default=1000, smallest=0, largest=10**18)
LOGGING = configuration(production=PRODUCTION)
ADMINS = [(address, address) for address in mail_addresses("ADMINS")]  # get errors by mail as well
EMAIL_SUBJECT_PREFIX = "[thighsite] "
EMAIL_TIMEOUT = 10  # seconds; whoever meets an error waits for its mail
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
if ADMINS:
    EMAIL_HOST = required("EMAIL_HOST", "the server that takes mail for ADMINS", because="ADMINS is set")
SERVER_EMAIL = sender("SERVER_EMAIL") or (ADMINS[0][1] if ADMINS else "")
if EMAIL_HOST and not SERVER_EMAIL:
    SERVER_EMAIL = required("SERVER_EMAIL", "the sender of the site's mails", because="EMAIL_HOST is set")
DEFAULT_FROM_EMAIL = SERVER_EMAIL
SENDS_MAIL = bool(EMAIL_HOST and SERVER_EMAIL)  # one-time links too, where a coordinator gives an address
EMAIL_PORT = whole("EMAIL_PORT", default=587, smallest=1, largest=65535)
EMAIL_USE_TLS = boolean("EMAIL_USE_TLS", default=True)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")

# Metrics, for whoever has the token or asks from one of these addresses or networks -----------------------------------

METRICS_TOKEN = secret("METRICS_TOKEN")
METRICS_ADDRESSES = networks("METRICS_ADDRESSES")
COUNTED_METHODS = ("GET", "HEAD", "POST")
if METRICS_TOKEN or METRICS_ADDRESSES:
    MIDDLEWARE.insert(1, "thighsite.metrics.counting.count_requests")

# Jobs: work that takes longer than a request may -------------------------------------------------------------------

JOB_MODULES = [  # which declare kinds of jobs; first those that load quickly, for a job waits for what stands before it
    "grading.uploads.jobs",
    "grading.uploads.scan_jobs",
    "grading.demo.scans",
    "analysis.services.planning",
    "analysis.services.answer_jobs",
]
EACH_MINUTE = [  # done by a worker
    "grading.services.sealing.seal_all_trails",
    "grading.uploads.keeping.forget_uploads",
    "grading.uploads.scan_jobs.sweep_archives",
    "grading.services.stacks.sweep_slices",
]
# A longer file is a job.
IMPORT_AT_ONCE_BYTES = whole("IMPORT_AT_ONCE_BYTES", default=300_000, smallest=0, largest=10**18)
ANSWER_AT_ONCE_READS = whole("ANSWER_AT_ONCE_READS", default=4000, smallest=0, largest=10**18)  # of more it is a job
JOBS_BESIDE_SITE = boolean("JOBS_BESIDE_SITE", default=True)  # the web server starts a worker and keeps it
JOBS_STALLED_SECONDS = whole("JOBS_STALLED_SECONDS", default=30, smallest=2)  # not heard from for so long: dead
# Between two looks for what a dead one left: of a minute, by which they are timed.
JOBS_LOOK_SECONDS = whole("JOBS_LOOK_SECONDS", default=10, smallest=1, largest=59)
JOBS_GRACE_SECONDS = whole("JOBS_GRACE_SECONDS", default=5, smallest=0)  # to finish a job in when asked to end

# Language and time --------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
USE_I18N = False  # one language, one date format
USE_TZ = True
TIME_ZONE = "UTC"  # pages and files say so beside every time
