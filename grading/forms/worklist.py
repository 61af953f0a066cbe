"""Which of their cases a reader lists: by code, and by how far they are."""

from django import forms

from grading.blind_code import MAX_LENGTH, as_blind_code
from grading.models import Read
from grading.models.read import ReadQuerySet

REOPENED, OPEN = "reopened", "open"
STATES = [("", "all"), (OPEN, "to be signed off"), (REOPENED, "reopened"), *Read.Status.choices]

STATUSES_OF: dict[str, list[str]] = {"": list(Read.Status.values), OPEN: [Read.Status.ASSIGNED, Read.Status.DRAFT]}
STATUSES_OF |= {status: [status] for status in Read.Status.values}


class WorklistForm(forms.Form):
    """Nothing chosen shows every case."""

    code = forms.CharField(label="Case", required=False, max_length=4 * MAX_LENGTH)
    state = forms.ChoiceField(label="Show", required=False, choices=STATES)

    def chosen_of(self, cases: ReadQuerySet) -> ReadQuerySet:
        """Choose the cases whose code begins so, in the state; none for what cannot be chosen."""
        if not self.is_valid():
            return cases.none()
        code, state = as_blind_code(self.cleaned_data["code"]), self.cleaned_data["state"]
        if state == REOPENED:
            cases = cases.reopened()
        elif state:  # the time of sign-off, too, by which an index goes
            cases = cases.signed_off() if state == Read.Status.SIGNED_OFF else cases.open()
            cases = cases.filter(status__in=STATUSES_OF[state])
        return cases.filter(code__startswith=code) if code else cases

    @property
    def statuses(self) -> list[str] | None:
        """The states of which all cases are chosen, so that their number is known; None where others are."""
        if not self.is_valid() or self.cleaned_data["code"]:
            return None
        return STATUSES_OF.get(self.cleaned_data["state"])
