"""The forms of the coordinator's page: a file to import, and readers to give cases to."""

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model

from grading.models import Read, Study
from grading.services.assigning import MAX_SEED, new_seed
from grading.services.members import readers_of


class FileForm(forms.Form):
    """A file to look at. One that is larger than the site takes never arrives, so it counts as missing."""

    file = forms.FileField(
        label="CSV or XLSX file",
        allow_empty_file=True,  # the import says more clearly what is wrong
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm,text/csv"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        megabytes = settings.FILE_UPLOAD_MAX_MEMORY_SIZE // 2**20
        self.fields["file"].error_messages["required"] = f"Choose a CSV or XLSX file of at most {megabytes} MB."


class ReadersForm(forms.Form):
    """At least one of the study's readers. ``what`` they are given."""

    what: str

    readers = forms.ModelMultipleChoiceField(
        queryset=get_user_model().objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reader."},
    )

    def __init__(self, data=None, *, study: Study, **kwargs):
        super().__init__(data, **kwargs)
        self.study = study
        cast(forms.ModelChoiceField, self.fields["readers"]).queryset = readers_of(study)


class AssignForm(ReadersForm):
    """Who gets a read of every MRI, or of those that somebody else has not finished."""

    what = "read"
    feature = forms.ChoiceField(label="Graded for", choices=Read.Feature.choices)
    in_place_of = forms.ModelChoiceField(
        queryset=get_user_model().objects.none(),
        required=False,
        empty_label="nobody: all MRIs",
        help_text="Somebody else’s cases that are not signed off. Theirs stay as they are.",
    )
    graded_for_fat = forms.BooleanField(
        label="only MRIs of participants who were graded for fat",
        required=False,
        help_text="No reader is told that they were chosen.",
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=MAX_SEED,
        required=False,
        help_text="A whole number to draw the readers by. Empty: one is drawn. It is kept, and draws the same again.",
    )

    def __init__(self, data=None, *, study: Study):
        super().__init__(data, study=study)
        unfinished = Read.objects.filter(study=study, occasion=1).open()
        others = get_user_model().objects.filter(pk__in=unfinished.values("reader")).order_by("username")
        cast(forms.ModelChoiceField, self.fields["in_place_of"]).queryset = others
        if study.draws_readers:
            self.fields["in_place_of"].help_text = (
                "Somebody else’s cases that are begun and not signed off. Theirs stay as they are. What is not begun "
                "is handed over."
            )
        else:
            del self.fields["seed"]

    def clean(self) -> None:
        """Draw a seed where none is given, so that what is shown is what is confirmed."""
        super().clean()
        if "seed" in self.fields and self.cleaned_data.get("seed", 0) is None:
            self.cleaned_data["seed"] = new_seed()
            data: Any = self.data
            self.data = data = data.copy()
            data["seed"] = self.cleaned_data["seed"]


class RereadForm(ReadersForm):
    """Who reads how many of their cases a second time, and how long after the first."""

    what = "re-read"

    percent = forms.IntegerField(label="Share of the signed-off cases, in %", min_value=1, max_value=100, initial=20)
    wash_out_days = forms.IntegerField(label="Wash-out, in days", min_value=0, max_value=3650)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data=None, *, study: Study, chosen: Mapping[str, Any] | None = None):
        shown = {"wash_out_days": study.wash_out_days, "seen": study.wash_out_days}
        super().__init__(data, study=study, auto_id="reread_%s", initial={**(chosen or {}), **shown})

    @property
    def share(self) -> float:
        return self.cleaned_data["percent"] / 100

    def as_stored(self) -> "RereadForm":
        """Make the form anew with the wash-out that is stored, and the readers and share that were chosen."""
        chosen = {name: self.cleaned_data[name] for name in ("readers", "percent")}
        return RereadForm(study=Study.objects.get(pk=self.study.pk), chosen=chosen)

    def is_out_of_date(self, study: Study) -> bool:
        """Say whether the page showed another wash-out than is stored. A program that sends none is not asked."""
        return self.cleaned_data["seen"] not in ("", str(study.wash_out_days))

    def save_wash_out(self) -> None:
        """Store the wash-out, of a study whose settings nobody else changes now."""
        self.study.wash_out_days = self.cleaned_data["wash_out_days"]
        self.study.save(update_fields=["wash_out_days"])
