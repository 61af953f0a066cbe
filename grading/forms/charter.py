"""The charter of a study, as investigators and coordinators write it."""

from typing import Any

from django import forms

from grading.charter_page import TITLES
from grading.comments import normalised_comment
from grading.limits import MAX_CHARTER_LENGTH

_HINTS = {
    "reading": "Which readers, how many reads of each MRI, which are read again, and what readers are told.",
    "scale": "What is graded beside the wording of the scale, and where it is not followed.",
    "disagreement": "When readers are taken to disagree, who decides, and what becomes of the grades.",
    "analysis": "The main comparison, what counts as its answer, and how many participants it needs.",
    "looks": "When the comparison is looked at before the end, by whom, and what follows from it.",
}


class CharterForm(forms.Form):
    """Free text under each heading; and which version was before whoever wrote it."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=32767, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        too_long = f"At most {MAX_CHARTER_LENGTH:,} characters."
        for heading, title in TITLES.items():
            self.fields[heading] = forms.CharField(
                label=title,
                required=False,
                max_length=MAX_CHARTER_LENGTH,
                help_text=_HINTS[heading],
                error_messages={"max_length": too_long},
                widget=forms.Textarea(attrs={"rows": 5}),
            )

    def clean(self) -> None:
        super().clean()
        if not self.errors and not any(self.texts.values()):
            raise forms.ValidationError("Write something under one heading at least.")

    @property
    def texts(self) -> dict[str, str]:
        """Give what was written by heading, with lines as comments have them."""
        return {heading: normalised_comment(self.cleaned_data[heading]) for heading in TITLES}
