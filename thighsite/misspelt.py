"""Variables of the environment that are nearly one of the site's, which nobody reads: told when the site starts."""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from os import environ
from typing import Any

from django.core.checks import CheckMessage, Warning, register

NEAR = 0.9  # of difflib's ratio: a letter more, less or another in six and more
# All of .env.example.
NAMES = {
    "ADMINS", "ALLOWED_HOSTS", "ANSWER_AT_ONCE_READS", "APPLICATION_POSTGRES_PASSWORD", "BACKUPS_KEPT",
    "BACKUP_RECIPIENT", "BEHIND_TLS_PROXY", "BIND", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "DEBUG",
    "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "EMAIL_HOST_USER", "EMAIL_PORT", "EMAIL_USE_TLS",
    "EMBEDDED_POSTGRES_DIR", "EMBEDDED_POSTGRES_DURABLE", "FORWARDED_ALLOW_IPS", "IMPORT_AT_ONCE_BYTES",
    "JOBS_BESIDE_SITE", "JOBS_GRACE_SECONDS", "JOBS_LOOK_SECONDS", "JOBS_STALLED_SECONDS", "METRICS_ADDRESSES",
    "METRICS_TOKEN", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_ISSUER", "OIDC_NAME", "OIDC_USERNAME_CLAIM",
    "OWNER_DATABASE_URL", "POSTGRES_PASSWORD", "REPLICA_DATABASE_URL", "SCANS_BUCKET", "SCANS_BUCKET_KEY",
    "SCANS_BUCKET_PREFIX", "SCANS_BUCKET_REGION", "SCANS_BUCKET_SECRET", "SCANS_BUCKET_URL", "SCANS_DIR",
    "SECOND_FACTOR_REQUIRED", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "SECURE_SSL_REDIRECT", "SERVER_EMAIL",
    "SESSION_IDLE_MINUTES", "SESSION_MAX_HOURS", "SITE_HOST", "SITE_URL", "SLOW_STATEMENT_MS", "STATIC_ROOT",
    "THIGHSITE_DATA_DIR", "THIGHSITE_MODE", "TRUSTED_PROXIES", "WEB_CONCURRENCY",
}  # fmt: skip

# Of these alone a file is read, which the name with _FILE behind it names: secrets, and what is required.
IN_FILES = {
    "ALLOWED_HOSTS", "DATABASE_URL", "EMAIL_HOST", "EMAIL_HOST_PASSWORD", "METRICS_TOKEN", "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET", "OWNER_DATABASE_URL", "REPLICA_DATABASE_URL", "SCANS_BUCKET_SECRET", "SECRET_KEY",
    "SECRET_KEY_FALLBACKS", "SERVER_EMAIL",
}  # fmt: skip


def misspelt(given: Mapping[str, str]) -> list[str]:
    """Say of each variable that is nearly one of the site's which one that is."""
    unknown = sorted(name for name in given if name not in NAMES | {f"{each}_FILE" for each in IN_FILES})
    near = ((name, get_close_matches(name.removesuffix("_FILE"), NAMES, 1, NEAR)) for name in unknown)
    return [
        f"The environment variable {name} is read by nothing. Is it to be {found[0]}?" for name, found in near if found
    ]


@register
def variables_are_known(app_configs: Sequence[Any] | None = None, **options: Any) -> Iterable[CheckMessage]:
    """Find variables that are misspelt."""
    return [Warning(words, id="thighsite.W003") for words in misspelt(environ)]
