#!/usr/bin/env python
"""Django's command line. Development settings unless THIGHSITE_MODE says otherwise, or the environment is a site's."""

import os
import sys

from thighsite.garbage import look_for_none

if __name__ == "__main__":
    look_for_none()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thighsite.settings")
    # Who names both serves others: in development mode links would say localhost, and errors tell too much.
    is_site = "ALLOWED_HOSTS" in os.environ and {"DATABASE_URL", "DATABASE_URL_FILE"} & os.environ.keys()
    os.environ.setdefault("THIGHSITE_MODE", "production" if is_site else "development")

    from django.core.management import execute_from_command_line

    from thighsite.log.uncaught import note_uncaught

    sys.excepthook = note_uncaught
    execute_from_command_line(sys.argv)
