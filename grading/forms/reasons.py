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


class ReopenForm(ReasonForm):
    """Why a read is reopened, and whether its reader is told so."""

    show_reason = forms.BooleanField(
        label="Show the reason to the reader",
        required=False,
        help_text="It must name no group, participant, other reader or other case. That it was reopened, and when, "
        "its reader is told in any case.",
    )
