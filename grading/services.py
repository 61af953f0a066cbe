"""What changes reads: assign, open, grade, describe, sign off. Each is one transaction that locks what it changes.

Sign-off and grading both take the read's row lock first, so that neither can slip past the other.
"""

import random
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from grading.anatomy import MUSCLE_BY_CODE
from grading.models import MRI, Grade, Read, Study
from grading.models.read import MAX_COMMENT_LENGTH
from grading.scale import FEATURES, SCORES, SEQUENCES, USUAL_SEQUENCES

SIGN_OFF_MEANING = "I graded this scan; these grades are final."


class ReadIsSignedOff(Exception):
    """Somebody tried to change a read that is signed off."""


class VersionConflict(Exception):
    """The grade was changed elsewhere since it was shown. Carries the stored one, or None if there is none."""

    def __init__(self, stored: Grade | None):
        super().__init__("This grade was changed elsewhere.")
        self.stored = stored


@transaction.atomic
def assign_reads(
    *, study: Study, readers: Iterable[Any], feature: str = Read.Feature.EDEMA, seed: int | None = None
) -> list[Read]:
    """Give each reader a first read of every MRI that still needs one, in an order drawn per reader.

    For fat, that is every MRI which the reader does not read for fat yet; for edema, every MRI which they do not
    read at all, since an MRI without an edema sequence is read for fat instead. Drawn orders follow what is
    assigned already, so that a new case never moves an older one.
    """
    Study.objects.select_for_update().get(pk=study.pk)
    draw = random.Random(seed)
    assigned: list[Read] = []
    for reader in readers:
        reads = Read.objects.filter(study=study, reader=reader)
        settled = reads.filter(feature="fat") if feature == Read.Feature.FAT else reads
        to_read = list(MRI.objects.filter(study=study).exclude(reads__in=settled))
        draw.shuffle(to_read)
        last = reads.aggregate(last=Max("position"))["last"] or 0
        assigned += [
            Read(
                study=study,
                mri=mri,
                reader=reader,
                feature=feature,
                sequence=USUAL_SEQUENCES[feature][0],
                position=position,
            )
            for position, mri in enumerate(to_read, start=last + 1)
        ]
    return Read.objects.bulk_create(assigned)


@transaction.atomic
def open_read(read: Read) -> Read:
    """Note when a reader first saw the case. Opening again changes nothing."""
    if read.status != Read.Status.ASSIGNED:
        return read  # a status never goes back to assigned, so an old look at it is good enough
    read = _locked(read)
    if read.status == Read.Status.ASSIGNED:
        read.status = Read.Status.DRAFT
        read.opened_at = timezone.now()
        read.save(update_fields=["status", "opened_at"])
    return read


@transaction.atomic
def save_grade(
    *,
    read: Read,
    muscle: str,
    side: str,
    score: int | None,
    not_assessable: bool = False,
    seen_version: int | None = None,
) -> Grade:
    """Store one grade; the same grade again changes nothing.

    ``seen_version`` is the version that the reader was looking at, 0 where there was no grade yet; None skips
    the comparison.

    Raises:
        ReadIsSignedOff: the read is frozen.
        VersionConflict: the grade is not the one that the reader saw, and differs from the new one.
        ValidationError: an impossible muscle, side or score, with what would be right.
    """
    read = _open_and_locked(read)
    _check_grade(read.study, muscle, side, score, not_assessable)
    stored = read.grades.filter(muscle=muscle, side=side).first()
    if stored and (stored.score, stored.not_assessable) == (score, not_assessable):
        return stored
    if seen_version is not None and seen_version != (stored.version if stored else 0):
        raise VersionConflict(stored)
    grade = stored or Grade(read=read, muscle=muscle, side=side, version=0)
    grade.score, grade.not_assessable, grade.version = score, not_assessable, grade.version + 1
    grade.save()
    return grade


@transaction.atomic
def describe_read(*, read: Read, feature: str, sequence: str, comment: str, confirm_pairing: bool = False) -> Read:
    """Store what the grades describe: feature, sequence and comment.

    Raises:
        ReadIsSignedOff: the read is frozen.
        ValidationError: an unusual pairing that is not confirmed, or a second read of the MRI for the feature.
    """
    read = _open_and_locked(read)
    read.feature, read.sequence, read.comment = feature, sequence, comment.replace("\x00", "")
    read.pairing_confirmed = confirm_pairing and not read.has_usual_pairing
    _check_description(read)
    read.save(update_fields=["feature", "sequence", "comment", "pairing_confirmed"])
    return read


@transaction.atomic
def save_sheet(*, read: Read, description: dict[str, Any], grades: Iterable[dict[str, Any]]) -> None:
    """Store a whole page at once, all of it or nothing. Raises what describe_read and save_grade raise."""
    describe_read(read=read, **description)
    for grade in grades:
        save_grade(read=read, **grade)


@transaction.atomic
def sign_off(read: Read) -> Read:
    """Freeze a read. Refuses an incomplete one with ValidationError; signing again changes nothing."""
    read = _locked(read)
    if read.is_signed_off:
        return read
    if missing := read.ungraded_cells():
        raise ValidationError(f"Still to grade: {', '.join(map(cell_label, missing))}.")
    read.status = Read.Status.SIGNED_OFF
    read.signed_off_at, read.signed_off_by = timezone.now(), read.reader
    read.sign_off_meaning = SIGN_OFF_MEANING
    read.save(update_fields=["status", "signed_off_at", "signed_off_by", "sign_off_meaning"])
    return read


def cell_label(cell: tuple[str, str]) -> str:
    """A muscle, and its side where sides are graded apart, as shown to a reader."""
    muscle, side = cell
    label = MUSCLE_BY_CODE[muscle].label
    return label if side == "both" else f"{label} {side}"


def _locked(read: Read) -> Read:
    return Read.objects.select_for_update(of=("self",)).select_related("study").get(pk=read.pk)


def _open_and_locked(read: Read) -> Read:
    read = _locked(read)
    if read.is_signed_off:
        raise ReadIsSignedOff
    return read


# What the database would refuse too, said in words first ------------------------------------------------------------


def _check_grade(study: Study, muscle: str, side: str, score: int | None, not_assessable: bool) -> None:
    if muscle not in MUSCLE_BY_CODE:
        raise ValidationError(f"Unknown muscle {muscle!r}: one of {', '.join(MUSCLE_BY_CODE)}.")
    if side not in study.graded_sides:
        raise ValidationError(f"This study grades {' and '.join(study.graded_sides)}, not {side!r}.")
    if score not in (None, *SCORES):
        raise ValidationError(f"A score is 0, 1, 2 or 3, not {score!r}.")
    if not_assessable == (score is not None):
        raise ValidationError("A grade is a score, or not assessable: one of the two.")


def _check_description(read: Read) -> None:
    if read.feature not in FEATURES or read.sequence not in SEQUENCES:
        raise ValidationError(f"A read has a feature ({', '.join(FEATURES)}) and a sequence ({', '.join(SEQUENCES)}).")
    if not read.has_usual_pairing and not read.pairing_confirmed:
        usual = " or ".join(USUAL_SEQUENCES[read.feature])
        raise ValidationError(
            f"{read.get_feature_display().capitalize()} is usually read on {usual}: "
            f"confirm that you read it on {read.sequence}."
        )
    if len(read.comment) > MAX_COMMENT_LENGTH:
        raise ValidationError(f"A comment has at most {MAX_COMMENT_LENGTH} characters.")
    twins = Read.objects.filter(mri=read.mri_id, reader=read.reader_id, occasion=read.occasion, feature=read.feature)
    if twins.exclude(pk=read.pk).exists():
        raise ValidationError(f"You have another read of this scan for {read.get_feature_display()} already.")
