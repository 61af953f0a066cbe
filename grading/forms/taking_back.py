"""Which reads a coordinator wants to take back."""

from datetime import datetime
from typing import cast

from django import forms
from django.contrib.auth import get_user_model

from grading.models import Read, Study
from grading.services.taking_back import Chosen, draws_of_rereads, files_brought_in


class ChosenReadsForm(forms.Form):
    """Reads by reader, feature, draw and file, or one. Where nothing is chosen, none are."""

    read = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reader = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="any reader")
    feature = forms.ChoiceField(
        label="Graded for", required=False, choices=[("", "any feature"), *Read.Feature.choices]
    )
    drawn = forms.TypedChoiceField(label="Re-reads", required=False, coerce=datetime.fromisoformat, empty_value=None)
    brought_in = forms.TypedChoiceField(
        label="Brought in", required=False, coerce=datetime.fromisoformat, empty_value=None
    )

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        readers = get_user_model().objects.filter(reads__study=study).distinct()
        cast(forms.ModelChoiceField, self.fields["reader"]).queryset = readers.order_by("username")
        self._offer("drawn", "all reads, or choose a draw", draws_of_rereads(study))
        self._offer("brought_in", "not by a file", files_brought_in(study))

    def _offer(self, name: str, empty: str, offered) -> None:
        """Let times be chosen; a field with none to choose from is not shown."""
        field = cast(forms.ChoiceField, self.fields[name])
        field.choices = [("", empty), *((each.at.isoformat(), each.in_words) for each in offered)]
        if not offered:
            field.widget = forms.HiddenInput()

    @property
    def chosen(self) -> Chosen:
        return Chosen(**self.cleaned_data)
