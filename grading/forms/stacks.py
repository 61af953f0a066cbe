"""The form that approves a stack."""

from django import forms

from grading.models.study import SEQUENCE_CHOICES
from grading.services.stacks import NAME_SEQUENCE


class ApproveForm(forms.Form):
    """Which sequence a stack is."""

    sequence = forms.ChoiceField(
        choices=[("", "Choose…"), *SEQUENCE_CHOICES],
        error_messages={"required": NAME_SEQUENCE, "invalid_choice": NAME_SEQUENCE},
    )
