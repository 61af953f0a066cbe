#!/usr/bin/env python
"""Django's command line. Development settings unless THIGHSITE_MODE says otherwise."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thighsite.settings")
    os.environ.setdefault("THIGHSITE_MODE", "development")

    from django.core.management import execute_from_command_line

    from thighsite.log.uncaught import note_uncaught

    sys.excepthook = note_uncaught
    execute_from_command_line(sys.argv)
