"""Ends every session of a user."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from thighsite.sign_in import sessions


class Command(BaseCommand):
    help = "End every session of a user, who can sign in again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **options: Any) -> None:
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account '{username}'.", returncode=2)
        self.stdout.write(f"Sessions of {username} ended: {sessions.end(user=user)}.")
