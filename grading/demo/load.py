"""The demo: a synthetic cohort shaped like the published one, once with reads left to grade and once complete.

Deterministic: the same participants, grades and reading order on every machine. The accounts and their password
are public, so the demo is loaded by its own command only, never by a migration.
"""

from dataclasses import dataclass
from importlib.resources import files

from django.contrib.auth import get_user_model
from django.db import transaction

from grading import services
from grading.csv.imports import create_study, import_grades
from grading.models import Member, Read, Study

PASSWORD = "thighsite-demo"
READERS = ("reader1", "reader2", "reader3")
ACCOUNTS = dict.fromkeys(READERS, Member.Role.READER) | {
    "investigator": Member.Role.INVESTIGATOR,
    "coordinator": Member.Role.COORDINATOR,
}
LEFT_TO_GRADE = 5  # of the first reader's cases, so that a newcomer has something to do
READING_ORDER_SEED = 2025


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
    study = create_study(slug=demo.slug, title=demo.title, file=_file("participants.csv"))
    Study.objects.filter(pk=study.pk).update(reader_title=demo.reader_title)
    users = {username: _member(study, username, role) for username, role in ACCOUNTS.items()}
    services.assign_reads(study=study, readers=[users[name] for name in READERS], seed=READING_ORDER_SEED)
    grades = _file("grades.csv").decode()
    _assign_for_fat(study, grades)
    import_grades(study=study, file=_without(_left_to_grade(study, demo), grades).encode())
    return study


def _file(name: str) -> bytes:
    return files("grading.demo").joinpath(name).read_bytes()


def _member(study: Study, username: str, role: str):
    user, is_new = get_user_model().objects.get_or_create(username=username)
    if is_new:
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    Member.objects.create(study=study, user=user, role=role)
    return user


def _assign_for_fat(study: Study, grades: str) -> None:
    """As in the paper, some participants had no edema sequence and were scored for fat on T1W."""
    codes = {line.split(",")[1] for line in grades.splitlines() if ",T1W,fat," in line}
    Read.objects.filter(study=study, mri__code__in=codes).update(feature="fat", sequence="T1W")


def _left_to_grade(study: Study, demo: DemoStudy) -> set[tuple[str, str]]:
    """The (MRI, reader) pairs that stay open: the first reader's last cases that are read for edema."""
    reads = Read.objects.filter(study=study, reader__username=READERS[0], feature="edema").order_by("-position")
    return set(reads.values_list("mri__code", "reader__username")[: demo.left_to_grade])


def _without(pairs: set[tuple[str, str]], grades: str) -> str:
    header, *lines = grades.splitlines(keepends=True)
    return "".join([header, *(line for line in lines if tuple(line.split(",")[1:3]) not in pairs)])
