"""The site's settings, with the floors' views beside the site's own."""

from thighsite.settings import *  # noqa: F403

ROOT_URLCONF = "bench.saving.urls"
