"""Which reads the coordinator's list shows."""

from django import forms

from grading.limits import MAX_REASON_LENGTH
from grading.models import Read, Study
from grading.models.read import ReadQuerySet


class ReadsFilter(forms.Form):
    """Nothing chosen shows all reads of the study."""

    name = forms.CharField(label="Case, participant, MRI or reader", required=False, max_length=MAX_REASON_LENGTH)

    def reads(self, study: Study) -> ReadQuerySet:
        """Choose the reads; none for what cannot be chosen."""
        reads = Read.objects.filter(study=study).for_overview()
        if not self.is_valid():
            return reads.none()
        name = self.cleaned_data["name"]
        return reads.named(name) if name else reads
