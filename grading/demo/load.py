"""The demo: a synthetic cohort shaped like the published one, once with reads left to grade and once complete.

Deterministic: the same participants, grades and reading order on every machine. The accounts and their password
are public, so the demo is loaded by its own command only, never by a migration.
"""

import random
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from grading import services
from grading.csv.imports import create_study, import_grades
from grading.models import MRI, Member, Read, Study

PASSWORD = "thighsite-demo"
READERS = ("reader1", "reader2", "reader3")
ACCOUNTS = dict.fromkeys(READERS, Member.Role.READER) | {
    "investigator": Member.Role.INVESTIGATOR,
    "coordinator": Member.Role.COORDINATOR,
}
LEFT_TO_GRADE = 5  # of the first reader's cases, so that a newcomer has something to do
READING_ORDER_SEED = 2025

Case = tuple[str, str]  # MRI, reader


@dataclass(frozen=True)
class DemoStudy:
    slug: str
    title: str
    reader_title: str
    left_to_grade: int


DEMO_STUDIES = (
    DemoStudy("demo", "Thigh MRI in IMNM and DM (demo, synthetic data)", "Thigh MRI (demo)", LEFT_TO_GRADE),
    DemoStudy(
        "demo-complete",
        "Thigh MRI in IMNM and DM, complete (demo, synthetic data)",
        "Thigh MRI, complete (demo)",
        left_to_grade=0,
    ),
)


def load_demo() -> list[Study]:
    """Load the demo studies that are not there yet, and return those that were loaded."""
    return [_load(demo) for demo in DEMO_STUDIES if not Study.objects.filter(slug=demo.slug).exists()]


@transaction.atomic
def _load(demo: DemoStudy) -> Study:
    study = create_study(slug=demo.slug, title=demo.title, file=demo_file("participants.csv"))
    Study.objects.filter(pk=study.pk).update(reader_title=demo.reader_title)
    users = add_members(study)
    header, *rows = demo_file("grades.csv").decode().splitlines()
    order = _reading_order(study)
    left = _left_to_grade(order, rows)[: demo.left_to_grade]
    for reader in READERS:
        graded = [case for case in order if case[1] == reader and case not in left]
        numbered = [f"{row},{order[_case(row)]}" for row in rows if _case(row) in graded]
        import_grades(study=study, file="\n".join([f"{header},position", *numbered]).encode())
        _assign_the_rest(study, users[reader], order)
    return study


def demo_file(name: str) -> bytes:
    """Read a file that lies beside this module."""
    return files("grading.demo").joinpath(name).read_bytes()


def add_members(study: Study) -> dict[str, Any]:
    """Give a demo study its members, whose accounts are made where they are missing; by username."""
    return {username: _member(study, username, role) for username, role in ACCOUNTS.items()}


def _member(study: Study, username: str, role: str):
    user, is_new = get_user_model().objects.get_or_create(username=username)
    if is_new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    Member.objects.create(study=study, user=user, role=role)
    return user


def _reading_order(study: Study) -> dict[Case, int]:
    """Draw for each reader the position of every case."""
    draw = random.Random(READING_ORDER_SEED)
    order: dict[Case, int] = {}
    for reader in READERS:
        codes = list(MRI.objects.filter(study=study).values_list("code", flat=True))
        draw.shuffle(codes)
        order |= {(code, reader): position for position, code in enumerate(codes, start=1)}
    return order


def _left_to_grade(order: dict[Case, int], rows: list[str]) -> list[Case]:
    """List the first reader's cases that are read for edema, the last first.

    As in the paper, some participants had no edema sequence and were scored for fat on T1W.
    """
    for_edema = {_case(row) for row in rows if ",edema," in row}
    return sorted((case for case in for_edema if case[1] == READERS[0]), key=order.__getitem__, reverse=True)


def _assign_the_rest(study: Study, reader: Any, order: dict[Case, int]) -> None:
    """Give a reader the cases that are left to grade, in the places that were drawn for them."""
    for read in services.assign_reads(study=study, readers=[reader]):
        Read.objects.filter(pk=read.pk).update(position=order[read.mri.code, reader.username])


def _case(row: str) -> Case:
    _, mri, reader, *_ = row.split(",")
    return mri, reader
