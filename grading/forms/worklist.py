"""Which of their cases a reader lists: by code, and by how far they are."""

from django import forms

from grading.blind_code import MAX_LENGTH, as_blind_code
from grading.models import Read
from grading.models.read import ReadQuerySet

REOPENED, OPEN = "reopened", "open"
STATES = [("", "all"), (OPEN, "to be signed off"), (REOPENED, "reopened"), *Read.Status.choices]


class WorklistForm(forms.Form):
    """Nothing chosen shows every case."""

    code = forms.CharField(label="Case", required=False, max_length=4 * MAX_LENGTH)
    state = forms.ChoiceField(label="Show", required=False, choices=STATES)

    def chosen_of(self, cases: ReadQuerySet) -> ReadQuerySet:
        """Choose the cases whose code begins so, in the state; none for what cannot be chosen."""
        if not self.is_valid():
            return cases.none()
        code, state = as_blind_code(self.cleaned_data["code"]), self.cleaned_data["state"]
        if state == OPEN:
            cases = cases.open()
        elif state == REOPENED:
            cases = cases.reopened()
        elif state:
            cases = cases.filter(status=state)
        return cases.filter(code__startswith=code) if code else cases
