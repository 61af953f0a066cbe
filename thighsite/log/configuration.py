"""The configuration of logging, for Django and for gunicorn alike."""

from typing import Any


def configuration(*, production: bool) -> dict[str, Any]:
    """Make what logging.config.dictConfig takes: lines of JSON in production, text to be read in development."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "thighsite.log.lines.JsonLines"},
            "text": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"},
        },
        "filters": {"outages": {"()": "thighsite.log.outages.InOneLine"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json" if production else "text"},
            "mail": {"class": "thighsite.log.mail.MailToAdmins"},
        },
        "root": {"handlers": ["stderr", "mail"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO"},  # no handlers of its own: its mails carry what was sent
            # What was refused stands in its line of access.
            "django.request": {"level": "ERROR", "filters": ["outages"]},
            "thighsite.request": {"filters": ["outages"]},
            "thighsite.access": {"level": "INFO" if production else "WARNING"},
            "django.security": {"handlers": ["stderr"], "propagate": False},  # no mails about what robots try
            "gunicorn.error": {"handlers": ["stderr"], "propagate": False, "filters": ["outages"]},
            "gunicorn.access": {"level": "CRITICAL", "propagate": False},  # would carry query strings
        },
    }
