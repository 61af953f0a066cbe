"""For somebody who has lost phone, passkeys and recovery codes."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from thighsite.sign_in import sessions
from thighsite.sign_in.trail import Kind, record


class Command(BaseCommand):
    help = "Remove a user's authenticator app, passkeys and recovery codes, and end their sessions."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    @transaction.atomic
    def handle(self, *, username: str, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account '{username}'.", returncode=2)
        removed, _ = Authenticator.objects.filter(user=user).delete()
        record(Kind.FACTOR_REMOVED, user=user, detail=f"{removed} by the command line")
        sessions.end(user=user)
        self.stdout.write(
            f"{username} has no second factor any more. Roles that need one ask for it at the next sign-in."
        )
