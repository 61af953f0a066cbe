"""The study sites, that is hospitals, of a study, as its page of settings takes them: all of them together."""

from typing import Any, cast

from django.forms import inlineformset_factory

from grading.forms.rows import StudyRowsFormSet
from grading.models import Study, StudySite


class SitesFormSet(StudyRowsFormSet):
    """The study sites that a study has after saving. One with participants or members stays."""

    row_name = "study site"

    def find_in_use(self) -> set[Any]:
        """Fetch the sites that have participants, or members who are limited to them."""
        with_participants = self.instance.participants.exclude(site=None).values_list("site", flat=True)
        return {*with_participants.distinct(), *self.instance.members.exclude(site=None).values_list("site", flat=True)}


def sites_of(study: Study, data: Any = None) -> SitesFormSet:
    """Make the form of a study's sites, with a row for another."""
    made = inlineformset_factory(
        Study, StudySite, fields=("code", "name"), formset=SitesFormSet, extra=1, can_delete_extra=False
    )
    return cast(SitesFormSet, made(data, instance=study, prefix="sites"))
