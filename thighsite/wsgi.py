"""The application that gunicorn serves. Production unless THIGHSITE_MODE says otherwise."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from thighsite.encoding import only_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thighsite.settings")

application = only_utf8(get_wsgi_application())
import_module(settings.ROOT_URLCONF)  # the pages too, before gunicorn forks: else each of its processes would
