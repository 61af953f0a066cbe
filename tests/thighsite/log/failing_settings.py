"""The site's settings, with views that fail."""

from thighsite.settings import *  # noqa: F403

ROOT_URLCONF = "tests.thighsite.log.failing_urls"
