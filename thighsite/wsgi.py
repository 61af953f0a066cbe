"""The application that gunicorn serves. Production unless THIGHSITE_MODE says otherwise."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "thighsite.settings")

application = get_wsgi_application()
