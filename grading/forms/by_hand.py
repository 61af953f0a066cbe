"""The forms by which a coordinator gives reads by hand: one MRI to one reader, or a reader's reads to another."""

from typing import Any, cast

from django import forms
from django.contrib.auth import get_user_model

from grading.forms.reasons import ReasonForm
from grading.models import MRI, Read, Study
from grading.services.members import readers_of


class AssignOneForm(forms.Form):
    """Which MRI, by the codes of its participant and its own, for what and to whom."""

    participant = forms.CharField()
    mri = forms.CharField(label="MRI", required=False, help_text="May be empty where the participant has one alone.")
    feature = forms.ChoiceField(label="Graded for", choices=Read.Feature.choices)
    reader = forms.ModelChoiceField(queryset=get_user_model().objects.none())

    def __init__(self, data: Any = None, *, study: Study):
        super().__init__(data)
        self.study = study
        cast(forms.ModelChoiceField, self.fields["reader"]).queryset = readers_of(study)

    def clean(self) -> None:
        super().clean()
        participant, code = self.cleaned_data.get("participant"), self.cleaned_data.get("mri")
        if participant is None:
            return
        mris = MRI.objects.filter(study=self.study, participant__code=participant).select_related("study")
        found = list(mris.filter(code=code) if code else mris)[:2]
        if len(found) == 1:
            self.cleaned_data["mri"] = found[0]
        else:
            problem = "The participant has several MRIs: name one." if found else "The study has no such MRI."
            self.add_error("mri", problem)


class HandOverForm(ReasonForm):
    """Whose reads go to whom, and why."""

    giver = forms.ModelChoiceField(label="From", queryset=get_user_model().objects.none())
    taker = forms.ModelChoiceField(label="To", queryset=get_user_model().objects.none())
    field_order = ("giver", "taker", "reason")

    def __init__(self, data: Any = None, *, study: Study):
        super().__init__(data)
        with_open = Read.objects.filter(study=study).for_comparison().open()
        givers = get_user_model().objects.filter(pk__in=with_open.values("reader")).order_by("username")
        cast(forms.ModelChoiceField, self.fields["giver"]).queryset = givers
        cast(forms.ModelChoiceField, self.fields["taker"]).queryset = readers_of(study)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("giver") and self.cleaned_data["giver"] == self.cleaned_data.get("taker"):
            self.add_error("taker", "Choose another reader.")
