"""manage.py demo: a site with two studies to try, in one command."""

import os
import re

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from grading.demo.calibration import load_calibration
from grading.demo.load import ACCOUNTS, PASSWORD, load_demo
from grading.demo.scans import start_drawing
from grading.management.database import is_migrated
from thighsite.listening import ADDRESS_IS, place_of
from thighsite.serve import become_gunicorn

NOT_IN_PRODUCTION = (
    "Everybody can read the password of the demo's accounts: they have no place in a site in production, and nothing "
    "was loaded. Try the demo in a checkout of its own, with `python3 dev.py demo`."
)


class Command(BaseCommand):
    help = "Prepares the database, loads the demo studies once, prints the accounts and serves the site."

    def add_arguments(self, parser):
        parser.add_argument(
            "--calibration", action="store_true", help="load a third study, whose readers calibrate first"
        )
        parser.add_argument("--no-serve", action="store_true", help="stop before serving")
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: %(default)s)")

    def handle(self, *, calibration: bool, no_serve: bool, host: str, port: int, verbosity: int, **options):
        if settings.PRODUCTION:
            raise CommandError(NOT_IN_PRODUCTION, returncode=2)
        address = f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"
        if not isinstance(place_of(address), tuple):
            raise CommandError(f"--host and --port make {address!r}: {ADDRESS_IS}", returncode=2)
        if not is_migrated():
            call_command("migrate", verbosity=0, interactive=False)
        for study in [*load_demo(), *(load_calibration() if calibration else [])]:
            self.stdout.write(f"Loaded the study {study.slug}: {study.title}.")
        self._print_accounts(address)
        if no_serve:
            return
        if settings.JOBS_BESIDE_SITE:  # a worker starts with the server, and draws in the background
            start_drawing(by=get_user_model().objects.get(username="coordinator"))
        call_command("collectstatic", verbosity=0, interactive=False)
        connections.close_all()
        self.stdout.flush()
        _serve(address)

    def _print_accounts(self, address: str) -> None:
        self.stdout.write(f"\nThe site: http://{re.sub('^127[.]0[.]0[.]1:', 'localhost:', address)}/")
        self.stdout.write(f"Accounts of the demo, all with the password {PASSWORD}:")
        for username, role in ACCOUNTS.items():
            self.stdout.write(f"  {username:<14}{role.label}")
        self.stdout.write("The data are synthetic and shaped to resemble the paper: no evidence of anything.\n\n")


def _serve(address: str) -> None:
    """Become the web server."""
    os.environ.update(BIND=address, DEBUG="false")
    os.chdir(settings.BASE_DIR)
    try:
        become_gunicorn("--log-level", "warning")
    except ImproperlyConfigured as wrong:
        raise CommandError(str(wrong)) from wrong
