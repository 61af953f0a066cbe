"""Laying the grades, entries and trail of a database out by study."""

from typing import Any, cast

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection as default_connection
from django.db import transaction

from grading.management.database import is_migrated
from thighsite.postgres.base import DatabaseWrapper
from thighsite.postgres.partitions import are_made, make_partitions
from thighsite.postgres.roles import equip_role


class Command(BaseCommand):
    help = (
        "Lay grades, entries and the trail out as PostgreSQL's partitions by study, so that each study's rows live "
        "together. As the owner of the tables, while the site is stopped; each row is written once more, and only a "
        "backup leads back. docs/scale.md says when it is worth it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--parts", type=int, default=16, help="how many partitions of each table (default: 16)")

    def handle(self, *, parts: int, **options: Any) -> None:
        connection = cast(DatabaseWrapper, default_connection)
        if parts < 1:
            raise CommandError("There is at least one part.")
        if not is_migrated():
            raise CommandError("The database is of an earlier release: run manage.py migrate first.")
        with connection.as_owner(), connection.migrating(), transaction.atomic(), connection.cursor() as cursor:
            if are_made(cursor):
                raise CommandError("Grades, entries and the trail are partitions by study already.")
            make_partitions(cursor, parts)
            if connection.owner is not None:
                equip_role(cursor, connection.application["USER"], connection.application["PASSWORD"])
        call_command("migrate", verbosity=0)
        self.stdout.write(f"Grades, entries and the trail lie in {parts} partitions each, by study.")
