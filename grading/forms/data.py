"""The forms of the coordinator's page: a file to import, and readers to give cases to."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model

from grading.models import Read, Study
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

    def __init__(self, data=None, *, study: Study):
        super().__init__(data, study=study)
        unfinished = Read.objects.filter(study=study, occasion=1).open()
        others = get_user_model().objects.filter(pk__in=unfinished.values("reader")).order_by("username")
        cast(forms.ModelChoiceField, self.fields["in_place_of"]).queryset = others


class RereadForm(ReadersForm):
    """Who reads how many of their cases a second time, and how long after the first."""

    what = "re-read"

    percent = forms.IntegerField(label="Share of the signed-off cases, in %", min_value=1, max_value=100, initial=20)
    wash_out_days = forms.IntegerField(label="Wash-out, in days", min_value=0, max_value=3650)

    def __init__(self, data=None, *, study: Study):
        super().__init__(data, study=study, auto_id="reread_%s", initial={"wash_out_days": study.wash_out_days})

    @property
    def share(self) -> float:
        return self.cleaned_data["percent"] / 100

    def save_wash_out(self) -> None:
        self.study.wash_out_days = self.cleaned_data["wash_out_days"]
        self.study.save(update_fields=["wash_out_days"])
