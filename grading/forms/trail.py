"""Which records of a study's trail are shown: by read, participant, code, kind, person and period."""

from datetime import UTC, datetime, time, timedelta
from typing import cast

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q

from grading.limits import MAX_REASON_LENGTH
from grading.models import Member, Study, TrailRecord
from grading.models.trail import TrailRecordQuerySet, possible_keys
from grading.trail.kinds import KINDS, named

PROGRAM = "program:"


class TrailForm(forms.Form):
    """Nothing chosen shows everything."""

    read = forms.UUIDField(required=False, widget=forms.HiddenInput)
    participant = forms.UUIDField(required=False, widget=forms.HiddenInput)
    act = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    code = forms.CharField(label="Code or username", required=False, max_length=MAX_REASON_LENGTH)
    kind = forms.ChoiceField(
        label="What",
        required=False,
        choices=[("", "everything"), *((kind, label) for kind, (label, _) in KINDS.items())],
    )
    person = forms.ChoiceField(label="Who did it", required=False)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data, *, study: Study):
        super().__init__(data)
        self.study = study
        cast(forms.ChoiceField, self.fields["person"]).choices = lambda: [("", "everybody"), *_who(study)]

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            raise ValidationError({"until": "The last day lies before the first."})
        return self.cleaned_data

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
        if chosen["act"]:
            records = records.filter(transaction=chosen["act"])
        if chosen["code"]:
            records = named(records, self.study, chosen["code"])
        if chosen["kind"]:
            records = records.filter(KINDS[chosen["kind"]][1])
        if chosen["person"]:
            records = records.filter(_by(chosen["person"]))
        if chosen["since"]:
            records = records.filter(at__gte=_midnight(chosen["since"]))
        if chosen["until"] and chosen["until"] < datetime.max.date():
            records = records.filter(at__lt=_midnight(chosen["until"] + timedelta(days=1)))
        return records


def _who(study: Study) -> list[tuple[str, str]]:
    """List everybody who stands in the trail, members of now and then, and programs that nobody was signed in to."""
    user_model, records = get_user_model(), TrailRecord.objects.of_study(study).order_by()
    acted = records.exclude(actor=None).values_list("actor_id", flat=True).distinct()
    were = records.filter(table=Member._meta.db_table, operation="insert").values_list("after__user_id", flat=True)
    people = Q(pk__in=possible_keys(user_model, {*acted, *map(str, were)})) | Q(memberships__study=study)
    users = user_model.objects.filter(people).distinct().order_by("username")
    programs = records.filter(actor=None).exclude(source="").values_list("source", flat=True).distinct()
    names = [(f"{PROGRAM}{source}", f"program: {source}") for source in sorted(programs)]
    return [*((str(user.pk), user.get_username()) for user in users), *names]


def _by(chosen: str) -> Q:
    if chosen.startswith(PROGRAM):
        return Q(actor=None, source=chosen.removeprefix(PROGRAM))
    return Q(actor=int(chosen))


def _midnight(day) -> datetime:
    """Find the beginning of a day in UTC, as the page shows times."""
    return datetime.combine(day, time.min, tzinfo=UTC)
