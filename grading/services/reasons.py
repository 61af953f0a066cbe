"""The reason that somebody gives for correcting or taking back, which the trail keeps."""

from django.core.exceptions import ValidationError

from grading.codes.spelling import seen
from grading.limits import MAX_REASON_LENGTH


def checked_reason(reason: str, what: str = "the reason") -> str:
    """Clean a reason. ValidationError, which calls it ``what``, where there is none, or one that is too long."""
    reason = reason.replace("\x00", "").strip()
    if not seen(reason) or len(reason) > MAX_REASON_LENGTH:
        raise ValidationError(f"Give {what}, in at most {MAX_REASON_LENGTH} characters.")
    return reason
