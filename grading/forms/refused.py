"""What the services and the database refuse, put into the form that asked for it."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from grading.services.database_words import in_words


def add_refusal(form: forms.BaseForm, error: ValidationError | IntegrityError) -> None:
    """Add an error to a form: in the words of a service, or of the rule that the database holds."""
    form.add_error(None, in_words(error) if isinstance(error, IntegrityError) else error)
