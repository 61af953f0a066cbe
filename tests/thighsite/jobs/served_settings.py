"""The site's settings where tests run workers: kinds of jobs of their own, and short waits."""

from tests.browser.served_settings import *  # noqa: F403

# First, for those behind it compute and take long to load.
JOB_MODULES = ["tests.thighsite.jobs.kinds", *JOB_MODULES]  # noqa: F405
JOBS_STALLED_SECONDS = 5  # on a busy machine a living worker may be thought dead, too: no test counts attempts
JOBS_LOOK_SECONDS = 1
JOBS_GRACE_SECONDS = 0
