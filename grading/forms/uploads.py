"""What a coordinator says of a file: sheet, columns, what it does not say itself, and why it corrects."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any, cast

from django import forms

from grading.anatomy import MUSCLE_CODES
from grading.limits import MAX_REASON_LENGTH
from grading.models import Read

LEAVE_OUT = ""
_MUSCLES = [f"{code} {side}".strip() for code in MUSCLE_CODES for side in ("", "left", "right")]
_LABELS = {name.lower(): name for name in _MUSCLES}
MAX_GIVEN_LENGTH = 150
_ONCE = ("reader", "feature", "sequence", "mri", "occasion")  # said once for a whole file of grades


class ReadingForm(forms.Form):
    """How a file is to be read, with a field for each of its columns.

    ``said`` names the columns of which something was said before: that holds until something else is said.
    """

    sheet = forms.ChoiceField(required=False)
    reader = forms.CharField(label="Reader", required=False, max_length=MAX_GIVEN_LENGTH, help_text="By user name.")
    feature = forms.ChoiceField(label="Graded for", required=False, choices=[("", "—"), *Read.Feature.choices])
    sequence = forms.ChoiceField(required=False, choices=[("", "—"), *((name, name) for name in Read.Sequence.values)])
    mri = forms.CharField(label="Code of the MRI", required=False, max_length=MAX_GIVEN_LENGTH)
    occasion = forms.IntegerField(required=False, min_value=1, max_value=2**15 - 1)
    reason = forms.CharField(
        label="Reason for corrections",
        required=False,
        max_length=MAX_REASON_LENGTH,
        help_text="Only where the file is to replace what an earlier file brought in: the trail keeps both, with it.",
    )
    accepted = forms.CharField(required=False, max_length=64)

    def __init__(
        self,
        data=None,
        *,
        names: Sequence[str],
        taken: Sequence[str],
        sheets: Sequence[str],
        known: Sequence[str],
        given: Sequence[str],
        said: Collection[str],
        suggested: dict[str, str],
        of_grades: bool,
        initial: dict[str, Any],
    ):
        super().__init__(data, initial=initial)
        self._names, self._taken, self._said = list(names), list(taken), said
        self._suggested = {name: ours for name, ours in suggested.items() if name not in said}
        cast(forms.ChoiceField, self.fields["sheet"]).choices = [("", "the first"), *((name, name) for name in sheets)]
        self._drop(() if len(sheets) > 1 else ("sheet",))
        self._drop(() if of_grades else ("reason",))
        self._drop(name for name in _ONCE if name not in given)
        for place, (name, ours) in enumerate(zip(names, taken, strict=True)):
            own = [ours] if ours and ours not in known else []  # such as a muscle of a wide sheet
            columns = dict.fromkeys([*known, *own, *(_LABELS if of_grades and "muscle" not in taken else ())])
            choices = [(LEAVE_OUT, "leave out"), *((column, _LABELS.get(column, column)) for column in columns)]
            field = forms.ChoiceField(
                label=name, required=False, choices=choices, initial=self._suggested.get(name, ours)
            )
            self.fields[f"column-{place}"] = field

    def columns(self) -> Iterator[tuple[forms.BoundField, str]]:
        """List the field of each column of the file, with what is to be said of it."""
        for place, (name, ours) in enumerate(zip(self._names, self._taken, strict=True)):
            if name in self._suggested:
                probably = self._suggested[name]
                remark = f"Probably {_LABELS.get(probably, probably)}: please check."
            else:
                remark = "" if ours else "Not known, so it is left out."
            yield self[f"column-{place}"], remark

    def others(self) -> list[forms.BoundField]:
        """List the fields beside those of columns."""
        return [self[name] for name in ("sheet", *_ONCE, "reason") if name in self.fields]

    @property
    def said(self) -> dict[str, Any]:
        """Give what is said of the file as the arguments of csv.imports.Reading: only what it does not say itself."""
        cleaned = self.cleaned_data
        chosen = {name: cleaned[f"column-{place}"] for place, name in enumerate(self._names)}
        was = dict(zip(self._names, self._taken, strict=True))
        columns = {name: ours for name, ours in chosen.items() if ours != was[name] or name in self._said}
        if cleaned.get("sheet", "") != self.initial.get("sheet", ""):
            columns = {}  # another sheet has other columns
        given = {name: str(cleaned[name]) for name in _ONCE if cleaned.get(name)}
        return {"sheet": cleaned.get("sheet", ""), "columns": columns, "given": given}

    def _drop(self, names) -> None:
        for name in list(names):
            del self.fields[name]
