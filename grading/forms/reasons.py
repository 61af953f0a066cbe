"""The reason that a form asks for, which the trail keeps."""

from django import forms

from grading.limits import MAX_REASON_LENGTH


class ReasonForm(forms.Form):
    """Why something is taken back or corrected."""

    reason = forms.CharField(
        max_length=MAX_REASON_LENGTH,
        error_messages={
            "required": f"Give the reason, in at most {MAX_REASON_LENGTH} characters.",
            "max_length": f"A reason has at most {MAX_REASON_LENGTH} characters.",
        },
    )
