"""A study in which people have worked: reads of every state, a re-read, a reopening, a correction, and a seal."""

from dataclasses import dataclass
from io import StringIO

from django.core.management import CommandError, call_command
from django.test import RequestFactory

from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.imports import import_grades
from grading.integrity.row_names import RowNames
from grading.integrity.scope import scope_of
from grading.integrity.verify import Verified, faults_of
from grading.models import Read, Study
from grading.services.charters import HEADINGS, write_charter
from grading.services.sealing import seal_trail
from grading.services.unblinding import note_unblinded
from tests.builders import enter_grade, make_member, make_mri, make_participant, make_stack, make_study, make_user
from tests.grading.csv.csv_files import as_csv, complete_read
from thighsite.acting import acting_for, note_actor


@dataclass(frozen=True)
class Worked:
    study: Study
    signed: Read
    imported: Read
    draft: Read
    assigned: Read
    reopened: Read


def make_worked_study() -> Worked:
    study = make_study(slug="worked")
    ann = make_member(study, user=make_user("ann")).user
    carl = make_member(study, "coordinator", make_user("carl")).user
    note_unblinded(make_member(study, "investigator", make_user("iris")).user, study.pk)
    with acting_for(carl.pk):
        write_charter(study=study, by=carl, texts=dict.fromkeys(HEADINGS, "As usual."), known="Thighs: together")
    for number, group in enumerate(("IMNM", "DM", "IMNM", "DM"), start=1):
        make_mri(make_participant(study, code=f"P{number}", group=group, age_years=40 + number), code=f"M{number}")
    reads = services.assign_reads(study=study, readers=[ann], seed=1)
    signed, reopened, draft, assigned = sorted(reads, key=lambda read: read.mri.code)
    for read in (signed, reopened):
        grade(read)
        services.describe_read(read=read, comment="Fascia.")
        sign_off(read)
    grade(draft, muscles=MUSCLE_CODES[:3])
    with acting_for(carl.pk):
        services.reopen(read=reopened, by=carl, reason="wrong thigh")
    grade(reopened, score=2)
    sign_off(reopened)
    make_member(study, user=make_user("bob"))
    file = as_csv(complete_read(reader="bob", signed_off_at="2020-01-02T03:04:05Z", comment="Old."))
    import_grades(study=study, file=file)
    make_stack(assigned.mri, approved=False, thickness=None)
    seal_trail(study)
    imported = Read.objects.get(reader__username="bob")
    return Worked(study, *(Read.objects.get(pk=each.pk) for each in (signed, imported, draft, assigned, reopened)))


def grade(read: Read, *, score: int = 1, muscles=MUSCLE_CODES) -> None:
    """As its reader does: opened, then graded muscle by muscle."""
    with acting_for(read.reader_id):
        services.open_read(read)
        for muscle in muscles:
            enter_grade(read=read, muscle=muscle, side="both", score=score)


def sign_off(read: Read) -> None:
    """As its reader does."""
    with acting_for(read.reader_id):
        services.sign_off(read)


def signed_in(user, act) -> None:
    """Do something in a request of somebody's."""
    request = RequestFactory().get("/")
    request.user = user
    note_actor(lambda request: act())(request)


def verified(study: Study, **options) -> str:
    """What `verify` says when nothing is wrong."""
    said = StringIO()
    call_command("verify", study=study.slug, stdout=said, **options)
    return said.getvalue()


def faults(study: Study, **options) -> str:
    """What `verify` says is wrong, with exit code 1; nothing when all holds."""
    try:
        call_command("verify", study=study.slug, stdout=StringIO(), **options)
    except CommandError as error:
        return f"{error}\nexit code {error.returncode}"
    return ""


def is_faulty(study: Study) -> bool:
    """Whether `verify` says that something is wrong. What it would say first is enough, and found sooner than all."""
    first = next(faults_of(scope_of(study), RowNames(), Verified()), "")
    return bool(first or faults(study))
