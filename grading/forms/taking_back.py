"""Which reads a coordinator wants to take back."""

from datetime import datetime
from typing import cast

from django import forms
from django.contrib.auth import get_user_model

from grading.models import Read, Study
from grading.services.taking_back import Chosen, draws_of_rereads


class ChosenReadsForm(forms.Form):
    """Reads by reader, feature and draw, or one. Nothing chosen is all of them."""

    read = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reader = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="every reader")
    feature = forms.ChoiceField(
        label="Graded for", required=False, choices=[("", "edema and fat"), *Read.Feature.choices]
    )
    drawn = forms.TypedChoiceField(label="Which", required=False, coerce=datetime.fromisoformat, empty_value=None)

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        readers = get_user_model().objects.filter(reads__study=study).distinct()
        cast(forms.ModelChoiceField, self.fields["reader"]).queryset = readers.order_by("username")
        draws = [(draw.at.isoformat(), draw.in_words) for draw in draws_of_rereads(study)]
        cast(forms.ChoiceField, self.fields["drawn"]).choices = [("", "all reads"), *draws]

    @property
    def chosen(self) -> Chosen:
        return Chosen(**self.cleaned_data)
