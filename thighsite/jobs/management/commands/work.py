"""manage.py work: a worker, which does jobs until it is ended."""

import asyncio
import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connection

from grading.management.database import is_later, is_migrated


class Command(BaseCommand):
    help = (
        "Does jobs, one at a time, and the site's upkeep until it is ended (SIGTERM, Ctrl-C). The web server starts "
        "one by itself unless JOBS_BESIDE_SITE is false."
    )
    requires_system_checks = ()  # they import every page of the site

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-input-ends", action="store_true", help="end when standard input does")

    def handle(self, *, until_input_ends: bool, **options: Any) -> None:
        from thighsite.jobs import engine  # here: --help needs none of it

        try:
            if not is_migrated():  # the first to connect, which starts an embedded server
                raise CommandError("The database lacks migrations. Run this first: manage.py migrate")
            if is_later():  # whose jobs this program may not know how to do
                raise CommandError("The database is of a later release than this program. Start a worker of that one.")
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from error
        connection.close()  # a worker has others
        asyncio.run(engine.work(input_ends if until_input_ends else never))


async def never() -> None:
    await asyncio.Event().wait()


async def input_ends() -> None:
    """Wait until whoever holds the other end of standard input closes it, or dies."""
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    def look() -> None:
        if not os.read(sys.stdin.fileno(), 1):
            ended.set()

    loop.add_reader(sys.stdin.fileno(), look)
    await ended.wait()
