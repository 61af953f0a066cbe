"""Gives a user a role in a study."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import CommandParser
from django.db import transaction

from grading.codes.spelling import composed
from grading.management.study_command import StudyCommand
from grading.models import Member, Study, StudySite
from grading.roles import ROLES_WITH_SITES, WHO_HAS_A_SITE
from grading.services.accounts import Usernames, make_account


class Command(StudyCommand):
    help = "Give a user a role in a study. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=Member.Role.values)
        parser.add_argument("--site", metavar="CODE", help="limit a coordinator or reader to a study site")
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
        site: str | None,
        create: bool,
        accept_similar: bool,
        new_link: bool,
        **options: Any,
    ) -> None:
        found, username = self.find_study(study), composed(username)
        limit = self._find_site(found, role, site) if site else None
        with transaction.atomic():
            user = self._find_user(username, create, accept_similar)
            self._join(found, user, role, limit)
        self.stdout.write(f"{username} is {role} of {found.slug}{f', for the study site {limit}' if limit else ''}.")
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

    def _find_site(self, study: Study, role: str, code: str) -> StudySite:
        if role not in ROLES_WITH_SITES:
            self.misused(WHO_HAS_A_SITE)
        if site := study.sites.filter(code=code).first():
            return site
        known = ", ".join(study.sites.values_list("code", flat=True)) or "none yet; its settings have them"
        self.misused(f"{study.slug} has no study site '{code}' (study sites: {known}).")

    def _join(self, study: Study, user: Any, role: str, site: StudySite | None) -> None:
        is_member = Member.objects.filter(study=study, user=user).exists()
        if not is_member and (problem := study.why_not_blind(user, role)):
            self.refuse(problem)
        member, _ = Member.objects.get_or_create(study=study, user=user, defaults={"role": role, "site": site})
        if member.role != role:
            self.refuse(
                f"{user.get_username()} is {member.role} of {study.slug}, and one person has one role in a study."
            )
        if site and member.site != site:
            limit = f"for the study site {member.site}" if member.site else "for all study sites"
            self.refuse(
                f"{user.get_username()} is {member.role} {limit} already: a coordinator changes that, under Members."
            )
