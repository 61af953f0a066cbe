"""What an investigator may ask, as the page's address says it."""

from itertools import combinations

from django import forms
from django.core.exceptions import ValidationError

from analysis.cohort import ANALYSIS_SETS
from grading.models import Study

MODELS = ("per-muscle", "joint")


class QuestionError(ValueError):
    """The address asks what cannot be asked; the message says what can."""


def _choice(names: tuple[str, ...]) -> forms.ChoiceField:
    invalid = f"“%(value)s” cannot be asked for: it is one of {', '.join(names)}."
    return forms.ChoiceField(
        choices=[(name, name) for name in names], required=False, error_messages={"invalid_choice": invalid}
    )


class QuestionForm(forms.Form):
    """The query string of the comparison page. What is left out takes its default."""

    set = _choice(ANALYSIS_SETS)
    model = _choice(MODELS)
    groups = forms.CharField(required=False)  # REF,COMPARED

    def clean_set(self) -> str:
        return self.cleaned_data["set"] or ANALYSIS_SETS[0]

    def clean_model(self) -> str:
        return self.cleaned_data["model"] or MODELS[0]

    def asked(self) -> dict[str, str]:
        """The set, the model and the groups.

        Raises:
            QuestionError: with a sentence for each thing that cannot be asked.
        """
        if not self.is_valid():
            raise QuestionError(" ".join(message for messages in self.errors.values() for message in messages))
        return self.cleaned_data


class LockForm(forms.Form):
    """The study's short name, typed: a lock cannot be taken back, so a click is not enough."""

    slug = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}))

    def __init__(self, *args, study: Study, **kwargs):
        super().__init__(*args, **kwargs)
        self.study = study
        self.fields["slug"].label = f"Type the study’s short name, {study.slug}, to lock it"

    def clean_slug(self) -> str:
        if self.cleaned_data["slug"] != self.study.slug:
            raise ValidationError(f"That is not the study’s short name: type {self.study.slug}.")
        return self.cleaned_data["slug"]


def pairs(study: Study) -> dict[str, str]:
    """Every two groups of a study: as the form's ``groups`` takes them, the reference first, and as a difference."""
    return {
        f"{reference.code},{compared.code}": f"{compared.code} − {reference.code}"
        for reference, compared in combinations(study.groups.all(), 2)
    }
