"""The form that approves a stack."""

from django import forms

from grading.models import Read
from grading.services.stacks import NAME_SEQUENCE


class ApproveForm(forms.Form):
    """Which sequence a stack is."""

    sequence = forms.ChoiceField(
        choices=[("", "Choose…"), *((sequence, sequence) for sequence in Read.Sequence.values)],
        error_messages={"required": NAME_SEQUENCE, "invalid_choice": NAME_SEQUENCE},
    )
