"""The reason that somebody gives for taking something back, which the trail keeps."""

from django.core.exceptions import ValidationError

from grading.limits import MAX_REASON_LENGTH


def checked_reason(reason: str) -> str:
    """Clean a reason. ValidationError where there is none, or one that is too long."""
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > MAX_REASON_LENGTH:
        raise ValidationError(f"Give the reason, in at most {MAX_REASON_LENGTH} characters.")
    return reason
