"""Which records of a study's trail are shown: by read, participant, person and period."""

from datetime import UTC, datetime, time, timedelta
from typing import cast

from django import forms
from django.contrib.auth import get_user_model

from grading.models import Study, TrailRecord
from grading.models.trail import TrailRecordQuerySet


class TrailForm(forms.Form):
    """Nothing chosen shows everything."""

    read = forms.UUIDField(required=False, widget=forms.HiddenInput)
    participant = forms.UUIDField(required=False, widget=forms.HiddenInput)
    person = forms.ModelChoiceField(get_user_model().objects.none(), required=False, empty_label="everybody")
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        self.study = study
        people = get_user_model().objects.filter(memberships__study=study)
        cast(forms.ModelChoiceField, self.fields["person"]).queryset = people.order_by("username")

    def records(self) -> TrailRecordQuerySet:
        """Choose the records, newest first; no record for what cannot be chosen."""
        records = TrailRecord.objects.of_study(self.study).newest_first()
        if not self.is_valid():
            return records.none()
        chosen = self.cleaned_data
        if chosen["read"]:
            records = records.filter(read_id=chosen["read"])
        if chosen["participant"]:
            records = records.about_participant(chosen["participant"], with_reads=True)
        if chosen["person"]:
            records = records.filter(actor=chosen["person"])
        if chosen["since"]:
            records = records.filter(at__gte=_midnight(chosen["since"]))
        if chosen["until"] and chosen["until"] < datetime.max.date():
            records = records.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return records


def _midnight(day) -> datetime:
    """Find the beginning of a day in UTC, as the page shows times."""
    return datetime.combine(day, time.min, tzinfo=UTC)
