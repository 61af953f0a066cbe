"""Gives a user a role in a study."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from django.db import transaction

from grading.codes.spelling import composed
from grading.management.study_command import StudyCommand
from grading.models import Member, Study
from grading.services.accounts import Usernames, make_account


class Command(StudyCommand):
    help = "Give a user a role in a study. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=Member.Role.values)
        parser.add_argument(
            "--create", action="store_true", help="make the account if there is none, and print a one-time link"
        )
        parser.add_argument(
            "--accept-similar",
            action="store_true",
            help="make the account also where its name is easily taken for another's",
        )
        parser.add_argument(
            "--new-link", action="store_true", help="print a one-time link for an account whose password is lost"
        )

    def perform(
        self,
        *,
        study: str,
        username: str,
        role: str,
        create: bool,
        accept_similar: bool,
        new_link: bool,
        **options: Any,
    ) -> None:
        found, username = self.find_study(study), composed(username)
        with transaction.atomic():
            user = self._find_user(username, create, accept_similar)
            self._join(found, user, role)
        self.stdout.write(f"{username} is {role} of {found.slug}.")
        if new_link or (create and not user.has_usable_password()):  # also when an earlier link has expired
            self.print_link(user)
        elif create:
            self.stdout.write("The account has a password already. If it is lost, add --new-link.")

    def _find_user(self, username: str, create: bool, accept_similar: bool) -> Any:
        if user := get_user_model().objects.filter(username=username).first():
            return user
        if not create:
            self.misused(f"There is no account '{username}'. With --create it is made.")
        names = Usernames.taken()
        if problem := names.why_not(username):
            self.misused(problem)
        if not accept_similar and (similar := names.similar_to(username)):
            self.refuse(f"{similar} If they are two people, add --accept-similar.")
        return make_account(username)

    def _join(self, study: Study, user: Any, role: str) -> None:
        is_member = Member.objects.filter(study=study, user=user).exists()
        if not is_member and (problem := study.why_not_blind(user, role)):
            self.refuse(problem)
        member, _ = Member.objects.get_or_create(study=study, user=user, defaults={"role": role})
        if member.role != role:
            self.refuse(
                f"{user.get_username()} is {member.role} of {study.slug}, and one person has one role in a study."
            )
