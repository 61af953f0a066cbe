"""Django's migrate, as the owner of the tables; then functions are held, the application's role is equipped, and the
trail is completed."""

from typing import Any, cast

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections, transaction

from thighsite.postgres.base import DatabaseWrapper
from thighsite.postgres.functions import hold_functions
from thighsite.postgres.roles import RoleError, equip_role, forbid_temporary_tables
from thighsite.postgres.trail import complete_trail

NO_OWNER = (
    "Set OWNER_DATABASE_URL to the same database as seen by the role that owns its tables: "
    "postgres://owner:password@host:5432/name. DATABASE_URL names the role of the application, which owns nothing, "
    "so that nobody who gets hold of the application can change the trail. Only this command needs the owner."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = cast(DatabaseWrapper, connections[options["database"]])
        if settings.PRODUCTION and connection.owner is None:
            raise CommandError(NO_OWNER)
        with connection.as_owner():
            super().handle(*args, **options)
            with connection.cursor() as cursor:
                hold_functions(cursor)
            if connection.owner is not None:
                self.equip(connection)
            connection.meet_trail()
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                complete_trail(cursor)

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
