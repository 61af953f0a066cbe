"""The form that says how a case's scan is opened in an archive of images."""

from typing import Any

from grading.archive_link import origin_of, why_not_framed, why_not_link
from grading.codes.naming import named_group
from grading.forms.as_shown import AsShownForm
from grading.models import Study

SAME_PLACE = (
    "The archive is at this site’s own address: there, its pages could act for whoever grades. "
    "Give it an address of its own."
)


def _without_usual_port(host: str) -> str:
    return host.removesuffix(":443").removesuffix(":80")


class ArchiveLinkForm(AsShownForm):
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

    def clean(self) -> None:
        super().clean()
        link = self.cleaned_data.get("archive_link", "")
        if link and (why := self._why_not(link)):
            self.add_error("archive_link", why)

    def _why_not(self, link: str) -> str | None:
        if named := named_group(link, self.instance.groups.values_list("code", "name")):
            return f"Readers would learn of the group {named}: leave it out."
        if why := why_not_link(link):
            return why
        if _without_usual_port(origin_of(link).partition("://")[2]) == _without_usual_port(self._site):
            return SAME_PLACE
        return why_not_framed(link) if self.cleaned_data["archive_in_frame"] else None
