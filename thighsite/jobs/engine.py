"""The one door to procrastinate, which carries word of jobs to workers through PostgreSQL.

A message says which attempt of which job is to be done, and nothing else: the rest stands in the site's own table.
Importing procrastinate costs a tenth of a second, so this module is imported where a job is started, and by workers.
"""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, wraps
from importlib import import_module
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connections
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.utils import connector_params

from thighsite.jobs.models import Job
from thighsite.jobs.pieces import PIECE_TASK
from thighsite.jobs.running import help_with, perform
from thighsite.jobs.taking_up import TASK, take_up

WORK, UPKEEP = "jobs", "upkeep"  # queues: what is short must not wait for what is long
AGAIN_SECONDS = 1.0  # after which a task that outlasts its grace is cancelled once more
AFTER_ALL_ELSE = -1  # a priority: a job that nobody has begun comes before another's pieces, and before one laid aside


def enqueue(job: Job, *, comes_last: bool = False) -> None:
    """Send word of a job's attempt, in the caller's transaction."""
    sender = _sender().configure_task(TASK, queue=WORK, priority=AFTER_ALL_ELSE if comes_last else 0)
    sender.defer(job=str(job.pk), attempt=job.attempt)


def enqueue_pieces(job: Job, count: int) -> None:
    """Send word that so many pieces of a job are to be done, in the caller's transaction."""
    sender = _sender().configure_task(PIECE_TASK, queue=WORK, priority=AFTER_ALL_ELSE)
    word: dict[str, Any] = {"job": str(job.pk)}
    sender.batch_defer(*[word] * count)


@cache
def _sender() -> App:
    return App(connector=DjangoConnector())


async def work(when_asked: Callable[[], Awaitable[None]]) -> None:
    """Do jobs, one at a time, and upkeep beside them, until a signal or ``when_asked`` ends or the database goes."""
    app = _worker_app()
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(max_workers=3))
    async with app.open_async():
        # Upkeep looks every second: a connection that listens would cost more.
        running = [
            asyncio.create_task(app.run_worker_async(queues=[WORK], name=WORK, **_options())),
            asyncio.create_task(
                app.run_worker_async(
                    queues=[UPKEEP], name=UPKEEP, listen_notify=False, fetch_job_polling_interval=1.0, **_options()
                )
            ),
        ]
        asked = asyncio.create_task(_asked_to_end(when_asked))
        await asyncio.wait([*running, asked], return_when=asyncio.FIRST_COMPLETED)
        await _end({*running, asked})
    for task in (*running, asked):
        if not task.cancelled() and (error := task.exception()):
            raise error


async def _end(tasks: set[asyncio.Task[None]]) -> None:
    """Cancel tasks, which lets each finish what it is at for a while, and again those that lost their cancellation.

    Before Python 3.12 `asyncio.wait_for`, in which psycopg's pool waits, drops one that comes together with a result.
    """
    while tasks:
        for task in tasks:
            task.cancel()
        _, tasks = await asyncio.wait(tasks, timeout=settings.JOBS_GRACE_SECONDS + AGAIN_SECONDS)


def _options() -> dict[str, Any]:
    return {
        "update_heartbeat_interval": settings.JOBS_STALLED_SECONDS / 3,
        "stalled_worker_timeout": settings.JOBS_STALLED_SECONDS,
        "shutdown_graceful_timeout": settings.JOBS_GRACE_SECONDS,
        "delete_jobs": "always",  # what became of a job stands in the site's own table
        "install_signal_handlers": False,
    }


async def _asked_to_end(when_asked: Callable[[], Awaitable[None]]) -> None:
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    waiting = [asyncio.create_task(asked.wait()), asyncio.ensure_future(when_asked())]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)


def _worker_app() -> App:
    app = App(connector=PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2))

    @app.task(name=TASK, queue=WORK, pass_context=True)
    @_with_connections_closed
    def job(context: JobContext, job: str, attempt: int) -> None:
        perform(UUID(job), attempt, is_worker_ending=context.should_abort)

    @app.task(name=PIECE_TASK, queue=WORK)
    @_with_connections_closed
    def piece(job: str) -> None:
        help_with(UUID(job))

    # No `lock`: one held by a dead worker would keep from being taken up what it left.
    @app.periodic(cron=f"* * * * * */{settings.JOBS_LOOK_SECONDS}")  # the sixth field is seconds
    @app.task(name="take-up", queue=UPKEEP, queueing_lock="take-up")
    @_with_connections_closed
    def look(timestamp: int) -> None:
        take_up()

    for path in settings.EACH_MINUTE:
        _each_minute(app, path)
    return app


def _each_minute(app: App, path: str) -> None:
    module, _, name = path.rpartition(".")

    @app.periodic(cron="* * * * *")
    @app.task(name=path, queue=UPKEEP, queueing_lock=path)
    @_with_connections_closed
    def upkeep(timestamp: int) -> None:
        getattr(import_module(module), name)()


def _with_connections_closed(function: Callable[..., None]) -> Callable[..., None]:
    """Close the thread's connection after a task: between tasks a worker holds no more than its own."""

    @wraps(function)
    def closing(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        finally:
            connections.close_all()

    return closing
