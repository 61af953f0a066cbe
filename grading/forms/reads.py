"""Which reads the coordinator's lists show."""

from typing import cast

from django import forms
from django.contrib.auth import get_user_model

from grading.limits import MAX_REASON_LENGTH
from grading.models import Read, Study
from grading.models.read import ReadQuerySet

OPEN = "open"
STATES = [("", "every state"), (OPEN, "open: assigned or draft"), *Read.Status.choices]


class ReadsFilter(forms.Form):
    """Nothing chosen shows all reads of the study."""

    name = forms.CharField(label="Case, participant, MRI or reader", required=False, max_length=MAX_REASON_LENGTH)
    reader = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="every reader")
    state = forms.ChoiceField(required=False, choices=STATES)

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        self.study = study
        readers = get_user_model().objects.filter(memberships__study=study, memberships__role="reader")
        cast(forms.ModelChoiceField, self.fields["reader"]).queryset = readers.order_by("username")

    def reads(self) -> ReadQuerySet:
        """Choose the reads; none for what cannot be chosen.

        The study is asked of the participant, too, so that PostgreSQL can walk along its participants' codes.
        """
        reads = Read.objects.filter(study=self.study, mri__participant__study=self.study).for_overview()
        if not self.is_valid():
            return reads.none()
        chosen = self.cleaned_data
        if chosen["reader"]:
            reads = reads.filter(reader=chosen["reader"])
        if chosen["state"]:
            reads = reads.open() if chosen["state"] == OPEN else reads.filter(status=chosen["state"])
        return reads.named(chosen["name"], self.study) if chosen["name"] else reads


class ReadingListsFilter(forms.Form):
    """Nothing chosen shows the cases of every reader that are still to be read."""

    reader = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="every reader")
    cases = forms.ChoiceField(required=False, choices=[("", "those still to be read"), ("all", "all of them")])

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        self.study = study
        readers = get_user_model().objects.filter(reads__study=study).distinct()
        cast(forms.ModelChoiceField, self.fields["reader"]).queryset = readers.order_by("username")

    def reads(self) -> ReadQuerySet:
        """Choose the reads; none for what cannot be chosen."""
        reads = Read.objects.reading_lists_of(self.study)
        if not self.is_valid():
            return reads.none()
        chosen = self.cleaned_data
        if chosen["reader"]:
            reads = reads.filter(reader=chosen["reader"])
        return reads if chosen["cases"] else reads.open()
