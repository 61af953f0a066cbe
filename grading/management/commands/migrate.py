"""Django's migrate, as the owner of the tables; then the application's role gets what it needs."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections, transaction

from thighsite.postgres.roles import RoleError, equip_role

NO_OWNER = (
    "Set OWNER_DATABASE_URL to the same database as seen by the role that owns its tables: "
    "postgres://owner:password@host:5432/name. DATABASE_URL names the role of the application, which owns nothing, "
    "so that nobody who gets hold of the application can change the trail. Only this command needs the owner."
)


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if settings.PRODUCTION and connection.owner is None:
            raise CommandError(NO_OWNER)
        with connection.as_owner():
            super().handle(*args, **options)
            if connection.owner is None:
                return
            try:
                with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                    equip_role(cursor, connection.application["USER"], connection.application["PASSWORD"])
            except RoleError as error:
                raise CommandError(str(error)) from error
