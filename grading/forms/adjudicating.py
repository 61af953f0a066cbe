"""What an adjudicator decides, muscle by muscle; and from which difference on a study adjudicates."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from grading.anatomy import Cell
from grading.forms.as_shown import AsShownForm
from grading.limits import MAX_REASON_LENGTH
from grading.models import Study
from grading.scale import SCORES
from grading.services.adjudicating import Decision

NOT_ASSESSABLE = "na"
CHOICES = (*((str(score), str(score)) for score in SCORES), (NOT_ASSESSABLE, "×"))
NOTHING_TYPED = ("", "")
NOTHING = "Choose a grade for one muscle at least, and give the reason."


class DecisionForm(forms.Form):
    """A grade and a reason for each muscle that is or was to be decided; those without a grade stay as they are.

    ``settled`` has for each of the muscles the decision that stands, which another corrects, or None.
    """

    def __init__(self, data, *, settled: Mapping[Cell, UUID | None]):
        super().__init__(data)
        self.settled = settled
        for cell in settled:
            self.fields[f"score-{cell.name}"] = forms.ChoiceField(
                required=False, choices=[("", ""), *CHOICES], error_messages={"invalid_choice": "Choose 0 to 3, or ×."}
            )
            self.fields[f"reason-{cell.name}"] = forms.CharField(
                required=False,
                max_length=MAX_REASON_LENGTH,
                error_messages={"max_length": f"A reason has at most {MAX_REASON_LENGTH} characters."},
            )

    def clean(self):
        cleaned = super().clean() or {}
        for cell in self.settled:
            has_grade, has_reason = (bool(cleaned.get(f"{part}-{cell.name}")) for part in ("score", "reason"))
            if has_grade and not has_reason and not self.has_error(f"reason-{cell.name}"):
                raise ValidationError(f"Give a reason for {cell.label}.")
            if has_reason and not has_grade and not self.has_error(f"score-{cell.name}"):
                raise ValidationError(f"Choose a grade for {cell.label}.")
        if not self.errors and not self._decided(cleaned):
            raise ValidationError(NOTHING)
        return cleaned

    @property
    def decisions(self) -> list[Decision]:
        return self._decided(self.cleaned_data)

    def _decided(self, cleaned: dict) -> list[Decision]:
        chosen = [
            (cell, cleaned.get(f"score-{cell.name}"), cleaned.get(f"reason-{cell.name}")) for cell in self.settled
        ]
        return [
            Decision(cell, None if score == NOT_ASSESSABLE else int(score), reason or "", self.settled[cell])
            for cell, score, reason in chosen
            if score
        ]


def typed_of(data: Mapping[str, str], cells: Iterable[Cell]) -> dict[Cell, tuple[str, str]]:
    """Gather what was sent of a study's muscles, right or not: a grade and a reason for each of which anything was."""
    sent = {cell: (data.get(f"score-{cell.name}", ""), data.get(f"reason-{cell.name}", "")) for cell in cells}
    return {cell: typed for cell, typed in sent.items() if typed != NOTHING_TYPED}


class RuleForm(AsShownForm):
    """From which difference on a study adjudicates, and whether an adjudicator decides or the readers together."""

    class Meta:
        model = Study
        fields = ("adjudicates_from", "by_consensus")
