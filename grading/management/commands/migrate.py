"""Django's migrate, as the owner of the tables, and in production never back; then functions are held, the role of the
application is equipped, the trail is completed, and reads are counted anew where a count of them is wrong."""

from contextlib import nullcontext
from typing import Any, cast

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections, transaction

from grading.integrity.kept_counts import count_anew
from grading.management.only_forth import only_forth
from thighsite.postgres.base import DatabaseWrapper
from thighsite.postgres.functions import hold_functions
from thighsite.postgres.roles import RoleError, equip_role, forbid_temporary_tables
from thighsite.postgres.trail import OtherKey, check_keys, complete_trail

NO_OWNER = (
    "Set OWNER_DATABASE_URL to the same database as seen by the role that owns its tables: "
    "postgres://owner:password@host:5432/name. DATABASE_URL names the role of the application, which owns nothing, "
    "so that nobody who gets hold of the application can change the trail. Only this command needs the owner."
)


class Command(migrate.Command):
    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--forget-former-key",
            action="store_true",
            help="go on although the database knows the site by another SECRET_KEY, which is lost",
        )

    def get_check_kwargs(self, options: dict[str, Any]) -> Any:
        """Ask nothing of the database: it may not know the role of the application yet, nor the site."""
        return super().get_check_kwargs(options) | {"databases": []}

    def handle(self, *args: Any, **options: Any) -> None:
        connection = cast(DatabaseWrapper, connections[options["database"]])
        if settings.PRODUCTION and connection.owner is None:
            raise CommandError(NO_OWNER)
        with connection.as_owner(), connection.migrating():
            if not options.pop("forget_former_key", False):
                self.check_keys(connection)
            with only_forth(connection) if settings.PRODUCTION else nullcontext():
                super().handle(*args, **options)
            with connection.cursor() as cursor:
                hold_functions(cursor)
            if connection.owner is not None:
                self.equip(connection)
            connection.meet_trail()
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                complete_trail(cursor)
                counted = count_anew(cursor)
            if counted and options["verbosity"]:
                self.stdout.write(
                    f"Counted the reads anew, for the counts of these readers were wrong: {', '.join(counted)}."
                )
            connection.meet_trail()

    def check_keys(self, connection: DatabaseWrapper) -> None:
        """Go no further where the site would be forgotten that may be running."""
        try:
            with connection.cursor() as cursor:
                check_keys(cursor)
        except OtherKey as error:
            raise CommandError(str(error)) from error

    def equip(self, connection: DatabaseWrapper) -> None:
        """Give the application's role what it needs and take from it what it must not have."""
        name, password = connection.application["USER"], connection.application["PASSWORD"]
        try:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                equip_role(cursor, name, password)
            with connection.cursor() as cursor:
                forbid_temporary_tables(cursor, name)
        except RoleError as error:
            raise CommandError(str(error)) from error
