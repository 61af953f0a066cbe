"""Text that names something: a participant, an MRI, a group, a study."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from grading.codes.spelling import composed, why_unseen


def validate_seen(text: str) -> None:
    """Raise ValidationError for text in which something cannot be seen, with what would be right."""
    if why := why_unseen(composed(text)):
        raise ValidationError(f"The text {why}.", code="unseen")


class CodeField(models.CharField):
    """Text that names something: in NFC, and all of it can be seen. The database refuses codes that are not so."""

    default_validators = [validate_seen]

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return composed(text) if isinstance(text, str) else text
