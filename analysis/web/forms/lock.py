"""The form that locks a study."""

from django import forms
from django.core.exceptions import ValidationError

from grading.models import Study


class LockForm(forms.Form):
    """The study's short name, typed: it takes two people to take a lock back, so a click is not enough."""

    slug = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))

    def __init__(self, *args, study: Study, **kwargs):
        super().__init__(*args, **kwargs)
        self.study = study
        self.fields["slug"].label = f"Type the study’s short name, {study.slug}, to lock it"

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"] != self.study.slug:
            raise ValidationError(f"That is not the study’s short name: type {self.study.slug}.")
        return self.cleaned_data["slug"]
