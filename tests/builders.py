"""The recurring cast: small studies for tests, made through the models and services that the site uses."""

from itertools import count

import numpy as np
from django.contrib.auth import get_user_model
from django.utils import timezone

from grading import services
from grading.adjudicator_cases import shown_discrepancies
from grading.anatomy import MUSCLE_CODES
from grading.models import (
    MRI,
    AdjudicationCase,
    DiagnosisGroup,
    Grade,
    Member,
    Participant,
    Query,
    Read,
    ReferenceGrade,
    Stack,
    Study,
    Upload,
)
from grading.services import CellState
from grading.services.adjudicating import Decision, decide, draw_cases
from grading.services.queries import ask
from grading.services.stacks import approve_stack, store_stack
from grading.services.unblinding import note_unblinded
from grading.stacks.manifest import Manifest, digest
from grading.stacks.packing import pack
from grading.uploads.keeping import keep_upload, look_at
from tests.grading.stacks.manifests import usual_manifest
from thighsite.acting import acting_for, because
from thighsite.jobs.models import Job

PASSWORD = "correct-horse-battery"
_number = count(1)


def make_user(username: str | None = None):
    return get_user_model().objects.create_user(username or f"user{next(_number)}", password=PASSWORD)


def make_study(*, slug: str | None = None, sides: str = "together") -> Study:
    """A study with the groups IMNM (reference) and DM."""
    slug = slug or f"study{next(_number)}"
    study = Study.objects.create(slug=slug, title=f"Study {slug}", sides=sides)
    DiagnosisGroup.objects.create(study=study, code="IMNM", name="IMNM", colour="#009E73", is_reference=True)
    DiagnosisGroup.objects.create(study=study, code="DM", name="DM", colour="#D55E00")
    return study


def make_member(study: Study, role: str = "reader", user=None) -> Member:
    return Member.objects.create(study=study, user=user or make_user(), role=role)


def make_unblinded(member: Member) -> Member:
    """A member who has opened what shows the groups."""
    assert note_unblinded(member.user, member.study_id)
    return member


def make_job(study: Study, by, **fields) -> Job:
    """A job that waits, of a kind that is for coordinators; no worker is told of it."""
    job = Job(study=study, started_by=by, **{"kind": "make-groups"} | fields)
    job.prove()
    job.save()
    return job


def make_upload_of_scans(study: Study, by) -> Upload:
    """An archive that was read, of which nothing can be stored."""
    reading, outlook = {"pieces": 0, "scans": [], "unnamed": 1}, {"scans": [], "problems": [], "further": 0}
    what = {"what": Upload.What.SCANS, "name": "Scans of many MRIs", "content": b""}
    return Upload.objects.create(study=study, by=by, reading=reading, outlook=outlook, **what)


def make_upload(study: Study, by, content: bytes = b"participant,group,mri\nP77,DM,M1\n") -> Upload:
    """A file of participants that its coordinator has looked at."""
    upload = keep_upload(study=study, by=by, what=Upload.What.PARTICIPANTS, name="people.csv", content=content)
    look_at(upload)
    return upload


def make_participant(study: Study, *, group: str = "IMNM", code: str | None = None, **fields) -> Participant:
    return Participant.objects.create(
        study=study, group=study.groups.get(code=group), code=code or f"SECRET-P{next(_number)}", **fields
    )


def rename_group(study: Study, group: str, **new) -> None:
    """Give a group another code or name, for a reason."""
    with because("typing slip"):
        study.groups.filter(code=group).update(**new)


def withdraw(participant: Participant) -> None:
    """Note, as the database lets anybody do for a reason, that a participant has withdrawn."""
    with because("consent withdrawn"):
        Participant.objects.filter(pk=participant.pk).update(withdrawn_at=timezone.now())


def make_mri(participant: Participant, **fields) -> MRI:
    """Another MRI of a participant, a month after the one before."""
    fields.setdefault("code", f"{participant.code}-mri{next(_number)}")
    fields.setdefault("days_since_first_mri", 30 * participant.mris.count())
    return MRI.objects.create(study=participant.study, participant=participant, **fields)


def make_manifest(slices: list[bytes], **fields) -> Manifest:
    """What is known of packed slices of 12 × 16 unsigned pixels of 16 bits, 5 mm apart."""
    places = {"slices": len(slices), "positions": tuple(5.0 * number for number in range(len(slices)))}
    known = {
        "rows": 12,
        "columns": 16,
        "spacing": (0.8, 0.8),
        "thickness": 4.0,
        "windows": (),
        "sha256": digest(slices),
    }
    return usual_manifest(**places | known | fields)


def make_slices(number: int = 3, *, rows: int = 12, columns: int = 16) -> list[bytes]:
    """Packed slices of 16 bits: a ramp, which each next slice begins 100 higher."""
    ramp = np.arange(rows * columns, dtype=np.uint16).reshape(rows, columns)
    return [pack(ramp + 100 * each) for each in range(number)]


def make_stack(
    mri: MRI, sequence: str = "STIR", *, slices: list[bytes] | None = None, approved: bool = True, by=None, **geometry
) -> Stack:
    """A stack of an MRI, approved by a coordinator of the study; ``geometry`` is what its manifest says otherwise."""
    slices = make_slices() if slices is None else slices
    stack = store_stack(mri=mri, sequence=sequence, manifest=make_manifest(slices, **geometry), slices=slices)
    return approve(stack, by) if approved else stack


def approve(stack: Stack, by=None) -> Stack:
    """Approve a stack, as a coordinator of its study."""
    by = by or make_member(stack.study, "coordinator").user
    with acting_for(by.pk):
        return approve_stack(stack=stack, sequence=stack.sequence, by=by)


def make_read(*, study: Study | None = None, mri: MRI | None = None, reader=None, scores=(), **fields) -> Read:
    """An open read by a reader of the study; ``scores`` fill the muscles in the paper's order, None is left out."""
    study = study or (mri.study if mri else make_study())
    mri = mri or make_mri(make_participant(study))
    reader = reader or make_member(study).user
    fields.setdefault("position", Read.objects.filter(study=study, reader=reader).count() + 1)
    read = Read.objects.create(study=study, mri=mri, reader=reader, **fields)
    Grade.objects.bulk_create(
        Grade(study=study, read=read, muscle=muscle, side=side, score=score)
        for muscle, score in zip(MUSCLE_CODES, scores, strict=False)
        for side in study.graded_sides
        if score is not None
    )
    return read


def make_query(read: Read, text: str = "Please look again.", *, by=None, **about) -> Query:
    """A query of a coordinator's about a signed-off read."""
    by = by or make_member(read.study, "coordinator").user
    with acting_for(by.pk):
        return ask(read=read, by=by, text=text, **about)


def make_discrepancy(study: Study, *, mri: MRI | None = None, scores=(0, 3)) -> AdjudicationCase:
    """A case for adjudication: readers who differ about the first muscle, None is ×, and agree about the others."""
    mri = mri or make_mri(make_participant(study))
    for score in scores:
        read = make_read(mri=mri, scores=[score, *[1] * (len(MUSCLE_CODES) - 1)])
        cell = {"study": study, "read": read, "muscle": MUSCLE_CODES[0], "not_assessable": True}
        Grade.objects.bulk_create(Grade(**cell, side=side) for side in study.graded_sides if score is None)
        services.sign_off(read)
    draw_cases(study)
    return AdjudicationCase.objects.get(mri=mri)


def adjudicate(case: AdjudicationCase, by, *, score: int | None = 3, reason: str = "Clear on slice 4.") -> None:
    """Decide all of a case, as an adjudicator; what is decided already is corrected."""
    shown = shown_discrepancies(case)
    with acting_for(by.pk):
        decide(
            case=case,
            by=by,
            decisions=[Decision(each.cell, score, reason, each.settled) for each in shown],
            seen={each.cell: each.grades for each in shown},
        )


def enter_grade(read: Read, **entry) -> CellState:
    """Enter a grade of a read as its reader does: ``entry`` is what services.enter_grade takes of it."""
    return services.enter_grade(read_id=read.pk, reader_id=read.reader_id, **entry)


def make_calibration_case(study: Study, *, grades: dict[str, list[int | None]], **fields) -> MRI:
    """An MRI that readers calibrate with; ``grades`` by feature are the reference in the paper's order, None is ×."""
    mri = make_mri(make_participant(study, is_calibration=True, **fields))
    ReferenceGrade.objects.bulk_create(
        ReferenceGrade(
            study=study,
            mri=mri,
            feature=feature,
            muscle=muscle,
            side=side,
            score=score,
            not_assessable=score is None,
        )
        for feature, scores in grades.items()
        for muscle, score in zip(MUSCLE_CODES, scores, strict=True)
        for side in study.graded_sides
    )
    return mri


def make_signed_off_read(**fields) -> Read:
    fields.setdefault("scores", [1] * len(MUSCLE_CODES))
    return services.sign_off(make_read(**fields))
