"""Kinds of jobs for tests, whose pace a file decides: while it is there, the work goes no further."""

import os
import time
from pathlib import Path

from django.contrib.auth.models import Group
from django.db import connection

from grading.models import Member
from thighsite.jobs.kinds import InPieces, JobRefused, job_kind


@job_kind("make-groups", title="Making groups", roles=[Member.Role.COORDINATOR])
def make_groups(progress, *, names: list[str], gate: str = "") -> dict:
    """Make a group of each name. Before the last it waits while there is a file ``gate``.

    {attempt} in a name stands for which attempt of the job it is.
    """
    for number, name in enumerate(names):
        progress(number, len(names), f"making {name}")
        while gate and number == len(names) - 1 and Path(gate).exists():
            progress(number, len(names), f"waiting to make {name}")
            time.sleep(0.01)  # between two looks at the condition awaited here
        Group.objects.create(name=name.format(attempt=progress.job.attempt))
    return {"made": len(names)}


@job_kind("make-groups-once", title="Making groups, once", roles=[Member.Role.COORDINATOR], may_repeat=False)
def make_groups_once(progress, **arguments) -> dict:
    return make_groups.work(progress, **arguments)


@job_kind("refuse", title="Refusing", roles=[Member.Role.COORDINATOR])
def refuse(progress, *, words: str) -> None:
    Group.objects.create(name="of a job that was refused")
    raise JobRefused(words)


@job_kind("break", title="Breaking", roles=[Member.Role.COORDINATOR])
def break_down(progress) -> None:
    Group.objects.create(name="of a job that broke")
    raise KeyError("P-0042")


@job_kind("wait-too-long", title="Waiting too long", roles=[Member.Role.COORDINATOR])
def wait_too_long(progress) -> None:
    """Ask the database for what it gives up on."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(60)")


def _cut_off(_asked: int) -> None:
    """Have PostgreSQL close the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


@job_kind(
    "be-cut-off",
    title="Being cut off",
    roles=[Member.Role.COORDINATOR],
    in_pieces=InPieces(lambda: [1], _cut_off, "being cut off"),
)
def be_cut_off(progress, nothing) -> None:
    """Come to no end: the piece loses its database."""


def _numbers(*, numbers: list[int], gate: str = "") -> list[int]:
    return numbers


def _halved(number: int, *, numbers: list[int], gate: str = "") -> float:
    """Halve a number, from 51 on; a smaller one is refused, 0 breaks. Folder ``gate`` is told by whom, and holds it."""
    if gate:
        Path(gate, f"{number} by {os.getpid()}").touch()
    while gate and Path(gate, "closed").exists():
        time.sleep(0.01)  # between two looks at the condition awaited here
    if 100 // number > 1:
        raise JobRefused(f"{number} is too small.")
    return number / 2


@job_kind(
    "halve",
    title="Halving numbers",
    roles=[Member.Role.COORDINATOR],
    in_pieces=InPieces(_numbers, _halved, "halving"),
)
def halve(progress, halves, *, numbers: list[int], gate: str = "") -> dict:
    return {"halves": halves}
