"""The forms of the coordinator's page: a file to import, and readers to give cases to."""

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model

from grading.models import Read, Study


class FileForm(forms.Form):
    """A CSV file. One that is larger than the site takes never arrives, so it counts as missing."""

    file = forms.FileField(
        label="CSV file",
        allow_empty_file=True,  # the import says more clearly what is wrong
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        megabytes = settings.FILE_UPLOAD_MAX_MEMORY_SIZE // 2**20
        self.fields["file"].error_messages["required"] = f"Choose a CSV file of at most {megabytes} MB."


class AssignForm(forms.Form):
    readers = forms.ModelMultipleChoiceField(
        queryset=get_user_model().objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one reader."},
    )
    feature = forms.ChoiceField(label="Graded for", choices=Read.Feature.choices)

    def __init__(self, data=None, *, study: Study):
        super().__init__(data)
        readers = get_user_model().objects.filter(memberships__study=study, memberships__role="reader")
        self.fields["readers"].queryset = readers.order_by("username")
