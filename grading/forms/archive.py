"""The form that says how a case's scan is opened in an archive of images."""

from typing import Any

from django import forms

from grading.archive_link import origin_of
from grading.models import Study

SAME_PLACE = (
    "The archive is at this site’s own address: there, its pages could act for whoever grades. "
    "Give it an address of its own."
)


class ArchiveLinkForm(forms.ModelForm):
    """The template of the link, and in which window it opens.

    Args:
        site: this site's own host, with its port.
    """

    class Meta:
        model = Study
        fields = ("archive_link", "archive_in_frame")

    def __init__(self, *args: Any, site: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._site = site.lower()

    def clean_archive_link(self) -> str:
        link = self.cleaned_data["archive_link"].strip()
        if link and "//" in link and self._is_here(link):
            raise forms.ValidationError(SAME_PLACE)
        return link

    def _is_here(self, link: str) -> bool:
        try:
            return origin_of(link).partition("://")[2] == self._site
        except ValueError:  # no address at all, which the model says better
            return False
