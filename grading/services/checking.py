"""What the database would refuse too, said in words first."""

from django.core.exceptions import ValidationError

from grading.anatomy import MUSCLE_BY_CODE, SIDES
from grading.limits import MAX_COMMENT_LENGTH
from grading.models import Read
from grading.scale import FEATURES, SCORES, SEQUENCES, USUAL_SEQUENCES
from grading.services.cell_store import CellState


def check_grade(new: CellState) -> None:
    """Refuse a grade that no read of any study can hold. ValidationError, with what would be right."""
    if new.muscle not in MUSCLE_BY_CODE:
        raise ValidationError(f"Unknown muscle {new.muscle!r}: one of {', '.join(MUSCLE_BY_CODE)}.")
    if new.side not in SIDES:
        raise ValidationError(f"Unknown side {new.side!r}: one of {', '.join(SIDES)}.")
    if new.score not in (None, *SCORES):
        raise ValidationError(f"A score is 0, 1, 2 or 3, not {new.score!r}.")
    if new.not_assessable and new.score is not None:
        raise ValidationError("A grade is a score, or not assessable: one of the two.")


def check_description(read: Read) -> None:
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
